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
pupil-not_me = Tu es déconnecté. Ferme le navigateur, puis entre dans ton ENT avec ton propre compte.
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
