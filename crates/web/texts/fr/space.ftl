# Accueil : les quatre étapes
home-step-invitation = Accepter l’invitation
home-step-account = Créer votre compte et accepter les conditions
home-step-roster = Importer la liste des élèves
home-step-team = Gérer les accès de l’équipe
home-invitation-done = Votre établissement a rejoint Pix Orga.
home-account-done = Votre compte est créé et les conditions sont acceptées.
home-roster-import = Demandez à la direction l’export { $system ->
    [Fregata] des élèves
   *[SIECLE] « Élèves sans adresse »
} de { $system }, puis importez-le.
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

# Accueil d’un établissement
home-ready-title = Pix Orga est prêt à être utilisé
home-title = Préparer votre espace
home-ready-text = Les quatre étapes sont terminées.
home-text = Quatre étapes suffisent. Vous en avez terminé { $done } sur { $steps }.
home-pending-title = { $count ->
    [one] Un élève attend votre réponse
   *[other] { $count } élèves attendent votre réponse
}
home-pending-text = { $count ->
    [one] Pix ne l’a pas reconnu dans votre liste.
   *[other] Pix ne les a pas reconnus dans votre liste.
}
home-pending-link = { $count ->
    [one] Vérifier sa demande
   *[other] Vérifier leurs demandes
}
home-figure-students = <span class="figure">{ $count }</span> { $count ->
    [one] élève dans la liste
   *[other] élèves dans la liste
}
home-figure-linked = <span class="figure">{ $count }</span> { $count ->
    [one] élève rattaché
   *[other] élèves rattachés
}
home-figure-never-came = <span class="figure">{ $count }</span> { $count ->
    [one] n’est pas encore venu
   *[other] ne sont pas encore venus
}
home-figure-all-came = Tous les élèves sont venus
home-steps = Les quatre étapes
home-alone-text = Vous n’avez pas de collègue à inviter maintenant ? Vous pourrez le faire à tout moment depuis « Équipe ».
home-alone-submit = Je travaille seul pour l’instant
home-understand-title = Comprendre
home-understand-text = Le guide reprend chaque étape, avec ce qu’il faut préparer et ce que verront vos élèves.
home-understand-link = Lire la documentation
home-help-title = Être aidé
home-help-dane = Le numérique éducatif : <a href="{ $dane_url }">{ $dane_name }</a>
home-help-dane-without-address = Le numérique éducatif : { $dane_name }
home-help-support = Le support de Pix
home-help-community = La communauté Pix
