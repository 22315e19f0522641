# Accueil : les quatre étapes
home-step-invitation = Accepter l’invitation
home-step-account = Créer votre compte et accepter les conditions
home-step-roster = Importer la liste des élèves
home-step-team = Gérer les accès de l’équipe
home-invitation-done = Votre établissement a rejoint Pix Orga.
home-account-done = Votre compte est créé et les conditions sont acceptées.
home-roster-import = Demandez à la direction l’export « Élèves sans adresse » de SIECLE, puis importez-le.
home-roster-campaign = La liste est chargée. Créez un parcours : vos élèves s’y rattacheront avec son code.
home-roster-pupils = La liste est chargée et un parcours existe. Il reste à y faire entrer un premier élève, avec son code.
home-roster-linked = La liste est chargée et des élèves sont rattachés.
home-team-done = L’équipe est en place.
home-team-todo = Invitez les collègues qui suivront les élèves avec vous.
home-action-import = Importer la liste
home-action-campaign = Créer un parcours
home-action-pupils = Voir les parcours
home-action-students = Voir les élèves
home-action-team = Voir l’équipe
