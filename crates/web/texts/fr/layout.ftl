# Autour des pages et dans leurs blocs : ce qui revient partout.

# Quand on doit patienter avant un autre essai
wait-seconds = Prochain essai possible à { $hour }, dans { $seconds } { $seconds ->
    [one] seconde
   *[other] secondes
}.
wait-until = Prochain essai possible à { $hour }.

# Titre d’une page dont le formulaire revient avec des erreurs
error-in-title = Erreur :

# Toutes les pages : en haut
skip-link = Aller au contenu
demo-banner-name = Démonstration
demo-banner = <strong>Démonstration.</strong> Écoles et élèves sont inventés, aucun message ne part.
demo-banner-mailbox = Boîte aux lettres
demo-banner-mediacentre = Médiacentre

# Toutes les pages d’un établissement : le menu
menu = Menu principal
menu-home = Accueil
menu-students = Élèves
menu-pending = { $count }<span class="visually-hidden"> { $count ->
    [one] demande à vérifier
   *[other] demandes à vérifier
}</span>
menu-campaigns = Parcours
menu-team = Équipe
menu-documentation = Documentation
session-change-school = Changer d’établissement
session-account = <span class="visually-hidden">Mon compte : </span>{ $person_name }
sign-out = Se déconnecter
session-schools = Mes établissements

# Toutes les pages des élèves : en bas
pupil-footer-help = Une question ? Demande à ton enseignant.
footer-accessibility = Accessibilité
pupil-footer-data = Tes données

# Les autres pages : en bas
footer-help = Pour être aidé : <a href="{ $dane_url }">{ $dane_name }</a>, <a href="{ $support_url }">le support de Pix</a> ou <a href="{ $community_url }">la communauté Pix</a>.
footer-help-without-address = Pour être aidé : { $dane_name }, <a href="{ $support_url }">le support de Pix</a> ou <a href="{ $community_url }">la communauté Pix</a>.
footer-data = Données personnelles
footer-terms = Conditions d’utilisation

# Les formulaires
form-errors = { $count ->
    [one] Une réponse est à corriger
   *[other] { $count } réponses sont à corriger
}
form-error = <span class="visually-hidden">Erreur : </span>{ $error }
form-optional = (facultatif)
form-date-hint = Par exemple : 07 12 2012
form-date-day = Jour
form-date-month = Mois
form-date-year = Année

# Étapes, listes paginées, valeurs à copier
step-done = Fait
step-current = À faire maintenant
step-todo = À faire ensuite
pager-name = Pages de la liste
pager-previous = Précédente<span class="visually-hidden"> : page d’avant</span>
pager-page = <span class="visually-hidden">Page </span>{ $number }
pager-next = Suivante<span class="visually-hidden"> : page d’après</span>
meter = { $done } sur { $total }
copy-done = Copié.
