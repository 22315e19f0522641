# Pages des élèves, dès onze ans : « tu », phrases courtes, une chose à la fois.

# Ce qui est dit autrement à un élève qu'à un adulte
pupil-campaign_not_found = Aucun parcours n’a ce code. Vérifie-le avec ton enseignant.
pupil-campaign_not_found-title = Code inconnu
pupil-campaign_archived = Ce parcours est terminé. Demande à ton enseignant le code du nouveau.
pupil-campaign_archived-title = Parcours terminé
pupil-gar_not_configured = L’entrée par le Médiacentre ne marche pas encore ici. Préviens ton enseignant.
pupil-gar_not_configured-title = Le Médiacentre n’est pas relié
pupil-not_found = Cette page n’existe pas. Vérifie l’adresse, ou retourne à tes parcours.
pupil-form_expired = Cette page est restée ouverte trop longtemps. Reviens en arrière, recharge-la et recommence.
pupil-bad_request = Quelque chose n’a pas marché. Reviens en arrière, recharge la page et recommence.
pupil-busy = Quelque chose a changé au même moment. Reviens en arrière, recharge la page et recommence.
pupil-busy-title = Essaie encore une fois
pupil-unavailable = Pix ne répond pas pour le moment. Réessaie dans une minute.
pupil-too_large = C’est trop long. Reviens en arrière et recommence.
pupil-not_me = Tu es déconnecté. Ferme toutes les fenêtres du navigateur, ouvre-le de nouveau, puis entre dans ton ENT avec ton propre compte.
pupil-not_me-title = Ce n’était pas toi

# Les liens
pupil-action-back = Retourner à mes parcours
pupil-action-enter = Je suis élève : entrer par le Médiacentre
pupil-action-adult = Je suis un adulte : me connecter
pupil-action-mediacentre = Retourner au Médiacentre
pupil-action-other-code = Taper un autre code
pupil-action-ready = J’ai changé de compte

# Les titres et les mots des pages
pupil-door-title = Entre par ton Médiacentre
pupil-code-title = Entrer dans un parcours
pupil-identity-title = Vérifier mon nom
pupil-neutral-title = Nous ne t’avons pas retrouvé
pupil-request-title = Ton enseignant est prévenu
pupil-linked-title = Tu es rattaché
pupil-mine-title = Mes parcours
pupil-request-refused = Ton enseignant n’a pas pu te retrouver. Va le voir, puis vérifie ta date ici.
pupil-tries-over = Tu as fait plusieurs essais. Ton enseignant peut t’aider : préviens-le ici.

# La première fois
pupil-arrival-title = Ton compte Pix est prêt
pupil-arrival-hello = Bonjour { $first_name }, ton compte Pix est prêt
pupil-arrival-text = Pas de mot de passe à retenir : la prochaine fois, passe encore par ton Médiacentre.
pupil-arrival-on-the-way = Ton parcours t’attend.
pupil-arrival-go-on = Continuer
pupil-arrival-code = Demande à ton enseignant le code de ton parcours.
pupil-arrival-type = Taper mon code

# L’entrée n’a pas marché
pupil-refused-again = Ça ne marche toujours pas ?
pupil-refused-step-1 = Ferme toutes les fenêtres du navigateur.
pupil-refused-step-2 = Ouvre-le de nouveau, va dans ton ENT, puis dans le Médiacentre.
pupil-refused-step-3 = Si rien ne change, préviens ton enseignant.
pupil-refused-inside = Tu étais déjà dans Pix ? <a href="/parcours">Retourne à tes parcours</a>

# Un adulte vient par le Médiacentre
not-a-pupil-staff = Vous travaillez dans l’établissement
not-a-pupil-staff-text = Votre espace est Pix Orga. On y entre avec une adresse e-mail et un mot de passe, sans passer par le Médiacentre.
not-a-pupil-sign-in = Se connecter à Pix Orga
not-a-pupil-invited = Pas encore de compte ? Un administrateur de votre espace peut vous inviter. Vous ne savez pas à qui le demander ? <a href="/je-n-ai-rien-recu">Trouver comment être invité</a>
not-a-pupil-guardian = Vous êtes parent
not-a-pupil-guardian-text = Vous n’avez aucune démarche à faire : votre enfant entre avec son propre compte de l’ENT.

# Après la déconnexion
pupil-goodbye-title = Tu es déconnecté
pupil-goodbye-close = <strong>Ferme maintenant toutes les fenêtres du navigateur.</strong>
pupil-goodbye-why = Sinon, la personne suivante pourrait entrer à ta place.
pupil-goodbye-back = Revenir à l’entrée de Pix

# Sans connexion
pupil-door-text = Pix a besoin de savoir qui tu es. Tu n’as pas de mot de passe à créer : ton ENT suffit.
pupil-door-step-1 = Ouvre ton ENT.
pupil-door-step-2 = Va dans le Médiacentre.
pupil-door-step-3 = Clique sur Pix.
pupil-door-link = Aller au Médiacentre
pupil-door-adult = Tu travailles dans l’établissement ? <a href="/connexion">Connecte-toi à Pix Orga</a>

# Taper un code
pupil-code-hello = Bonjour { $first_name } !
pupil-code-field = Le code de ton parcours
pupil-code-hint = 6 lettres puis 3 chiffres. Ton enseignant te le donne.
pupil-code-submit = Commencer
pupil-code-mine = Voir mes parcours

# Vérifier son nom
pupil-identity-heading = C’est bien toi ?
pupil-identity-text = Pour commencer « { $campaign } », vérifie ton nom et ajoute ta date de naissance.
pupil-identity-first-name = Prénom
pupil-identity-last-name = Nom
pupil-identity-school = Établissement
pupil-birthdate = Ta date de naissance
pupil-identity-submit = Oui, c’est moi
pupil-identity-not-me = Ce n’est pas moi

# Pas retrouvé
pupil-neutral-text = Regarde bien ta date de naissance. Tu peux la corriger et essayer encore.
pupil-neutral-submit = Essayer encore
pupil-neutral-request-text = Ta date est juste ? Ton enseignant peut t’aider.
pupil-neutral-request = Demander à mon enseignant

# La demande est partie
pupil-request-text = Il va vérifier ton nom et ta classe. Préviens-le que tu attends : c’est rapide.
pupil-request-next = Ensuite, reviens par le Médiacentre et tape le même code pour « { $campaign } ».
pupil-request-correct = Corriger ma date de naissance

# Rattaché
pupil-linked-now = C’est bon, { $first_name } !
pupil-linked-again = Te revoilà, { $first_name } !
pupil-linked-nameless = C’est bon, tu es dans le parcours !
pupil-linked-school = Tu es rattaché à ton établissement.
pupil-linked-class = Tu es rattaché à ta classe : <strong>{ $division }</strong>.
pupil-linked-next = La prochaine fois, on ne te demandera rien.
pupil-linked-waits = Ton parcours « { $campaign } » t’attend.
pupil-linked-start = Commencer le parcours
pupil-linked-later = Tu es bien inscrit au parcours « { $campaign } ». Attends que ton enseignant te dise de commencer.
pupil-linked-mine = Voir mes parcours

# Mes parcours
pupil-mine-none = Tu n’as pas encore de parcours, { $first_name }.
pupil-mine-none-nameless = Tu n’as pas encore de parcours.
pupil-mine-since = { $school_name } · depuis le { $entered_on }
pupil-mine-resume = Reprendre<span class="visually-hidden"> { $title }</span>
pupil-mine-over = Ce parcours est terminé.
pupil-mine-other = Entrer un autre code
