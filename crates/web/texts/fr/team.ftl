# Équipe
team-role-administrator = Administrateur
team-role-administrator-hint = Importe les élèves, invite, change les rôles et retire des membres.
team-role-member = Membre
team-role-member-hint = Voit les élèves, crée des parcours et répond aux demandes des élèves.
team-inviter-pix = Pix Orga
team-inviter-gone = une personne qui n’est plus dans l’équipe
team-delivery-queued = En file d’attente
team-delivery-delayed = Remis à plus tard par le serveur
team-delivery-sent = Envoyé
team-delivery-failed = Non remis
team-result-sent = Invitation envoyée
team-result-sent-again = Cette personne était déjà invitée : ce nouveau lien remplace le premier.
team-result-nothing = Rien à envoyer
team-result-refused = Adresse refusée
team-back = Équipe
team-remove-heading = Retirer { $name } de l’équipe ?
team-remove-text = Cette personne ne verra plus l’espace de votre établissement. Ses parcours restent, et vous pourrez l’inviter de nouveau.
team-remove-confirm = Retirer de l’équipe
team-leave-heading = Quitter l’espace ?
team-leave-text = Vous ne verrez plus l’espace de cet établissement. Vos parcours restent. Pour revenir, demandez une invitation à un administrateur.
team-leave-confirm = Quitter l’espace

# Ce que l'on dit après une action sur l'équipe
flash-invited = { $count ->
    [1] Une invitation est en route.
   *[other] { $count } invitations sont en route.
}
flash-invitation-resent = Un nouveau lien est en route. L’ancien ne sert plus.
flash-invitation-cancelled = L’invitation est annulée. Son lien ne sert plus.
flash-now-administrator = Cette personne est maintenant administrateur.
flash-now-member = Cette personne est maintenant membre.
flash-member-removed = Cette personne ne fait plus partie de l’équipe.
flash-left = Vous avez quitté l’espace.
flash-works-alone = C’est noté. Vous pourrez inviter des collègues à tout moment.

# Mon compte
account-current-wrong = Ce n’est pas votre mot de passe actuel. Réessayez, ou choisissez « Mot de passe oublié » à la page de connexion.
flash-confirmation-sent = Un message est en route. Ouvrez-le et suivez son lien.
flash-confirmation-too-many = Trois messages sont déjà partis en une heure. Cherchez-les dans les indésirables, ou réessayez plus tard.
flash-email-already-confirmed = Votre adresse est déjà confirmée.
