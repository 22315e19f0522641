# Ce que la loi demande de dire.

# Accessibilité
accessibility-title = Accessibilité
accessibility-lead = Pix Orga est fait pour être utilisé par tous : au clavier, avec un lecteur d’écran, en agrandissant le texte, sur un petit écran, sans script, et sur papier.
accessibility-state-title = État de conformité
accessibility-state = <strong>Accessibilité : non conforme.</strong> Les pages sont écrites selon le RGAA 4.1 et vérifiées automatiquement, mais aucun audit complet n’a encore été mené. Tant qu’il ne l’est pas, la déclaration reste « non conforme ».
accessibility-done-title = Ce qui est fait
accessibility-done-structure = Un lien d’évitement, des zones repérées et un seul titre principal par page.
accessibility-done-contrast = Des contrastes mesurés et un contour de 3 pixels autour de l’élément actif.
accessibility-done-forms = Une étiquette pour chaque champ, une explication à côté de chaque erreur.
accessibility-done-colour = Aucune information donnée par la seule couleur.
accessibility-done-width = Une mise en page qui tient sur 320 pixels de large.
accessibility-report-title = Signaler un problème
accessibility-report = Une page vous bloque ? Écrivez au <a href="{ $support_url }">support de Pix</a> en disant laquelle : une autre façon d’obtenir l’information vous sera proposée.
accessibility-recourse-title = Voie de recours
accessibility-recourse = Sans réponse satisfaisante, vous pouvez écrire au <a href="https://formulaire.defenseurdesdroits.fr/">Défenseur des droits</a>, ou joindre son délégué dans votre département.

# Données personnelles
data-title = Données personnelles
data-lead = Voici ce que Pix Orga garde, pourquoi, et combien de temps.
data-pupils-title = Les élèves
data-pupils = De SIECLE, ou de Fregata pour les lycées agricoles, viennent le nom, les prénoms, la date de naissance, le sexe, la classe, la formation, l’INE et les numéros SIECLE. Du Médiacentre viennent un identifiant opaque, le nom et le prénom, l’établissement et la classe. Ces informations servent à rattacher l’élève à son établissement et à suivre sa participation aux parcours.
data-pupils-never = Les adresses, téléphones, lieux de naissance, nationalités et régimes ne sont pas gardés.
data-adults-title = Les adultes
data-adults = Nom, adresse e-mail, rôle, dates d’acceptation des conditions. Le mot de passe n’est jamais gardé : seule une empreinte l’est.
data-times-title = Combien de temps
data-times-file = Fichier des élèves envoyé
data-times-file-value = effacé après l’import, au plus tard sous 24 heures
data-times-leaver = Élève parti
data-times-leaver-value = rendu anonyme trois mois après son départ
data-times-invitation = Invitation terminée
data-times-invitation-value = effacée après 30 jours
data-times-journal = Journal des actions
data-times-journal-value = un an
data-cookies-title = Témoins de connexion
data-cookies = Seulement ceux qu’il faut pour rester connecté, et, pendant six mois, pour reconnaître un appareil où vous vous êtes déjà connecté : les essais de mot de passe des autres ne vous y font pas attendre. Aucune mesure d’audience, aucun contenu venu d’ailleurs.
data-rights-title = Vos droits
data-rights = Vous pouvez demander à voir, corriger, recevoir ou effacer les données qui vous concernent : adressez-vous à la direction de l’établissement ou au <a href="{ $support_url }">support de Pix</a>. Vous pouvez aussi saisir la <a href="https://www.cnil.fr/fr/plaintes">CNIL</a>.
