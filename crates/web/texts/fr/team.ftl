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
team-remove-title = Retirer un membre
team-leave-title = Quitter l’espace
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

# L’équipe
team-title = Équipe
team-lead = Les collègues qui utilisent l’espace de l’établissement
team-confirm-title = Confirmez votre adresse e-mail
team-confirm-text = Ouvrez le message que nous vous avons envoyé et cliquez sur le lien. Vous pourrez ensuite inviter des collègues et changer les rôles.
team-confirm-resend = Renvoyer le message
team-members = Membres
team-column-name = Nom
team-column-email = Adresse e-mail
team-column-role = Rôle
team-column-since = Depuis le
team-column-actions = Actions
team-member-you = (vous)
team-column-address = Adresse
team-member-invited-at = invité à { $invited_address }
team-member-last = Seul administrateur : nommez-en un autre avant de changer.
team-member-demote = Passer membre<span class="visually-hidden"> : { $name }</span>
team-member-promote = Nommer administrateur<span class="visually-hidden"> : { $name }</span>
team-member-remove = Retirer<span class="visually-hidden"> { $name }</span>
team-invitations-title = Invitations
team-invitations-none = Aucune invitation en attente.
team-invitations = Invitations en attente
team-invitations-note = Un message non remis est à corriger en premier
team-column-message = Message
team-column-validity = Validité
team-invitation-sent = le { $sent_at }, par { $inviter }
team-invitation-failure = Réponse du serveur : { $failure }
team-invitation-expired = Expirée
team-invitation-expired-since = depuis le { $expires_on }
team-invitation-pending = En attente
team-invitation-pending-until = jusqu’au { $expires_on }
team-invitation-resend = Renvoyer
team-invitation-cancel = Annuler
team-invitation-about = l’invitation à { $email }
team-who-title = Qui peut faire quoi
team-who-administrator = <strong>Administrateur</strong> : importe les élèves, invite, change les rôles, retire des membres.
team-who-member = <strong>Membre</strong> : voit les élèves, crée des parcours, répond aux demandes des élèves.
team-leave = Quitter l’espace
team-journal = Journal : qui a fait quoi dans l’espace

# Inviter
invite-back = Équipe
invite-title = Inviter un membre
invite-refused = Certaines adresses n’ont pas reçu d’invitation : elles restent dans le formulaire. Corrigez-les ou retirez-les.
invite-results = Ce qui vient d’être fait
invite-column-email = Adresse e-mail
invite-column-result = Résultat
invite-addresses = Adresses e-mail
invite-addresses-hint = Une ou plusieurs, séparées par une virgule, un espace ou un retour à la ligne.
invite-role = Rôle
invite-submit = Envoyer les invitations
invite-cancel = Revenir à l’équipe
invite-limits = { $max } adresses au plus à la fois. Chaque lien est valable 7 jours.

# Le journal
journal-title = Journal
journal-lead = Qui a fait quoi dans l’espace, depuis un an au plus
journal-caption = Journal de l’établissement
journal-order = Du plus récent au plus ancien
journal-column-at = Date
journal-column-who = Par
journal-column-what = Quoi
journal-pager = { $first } à { $last } sur { $total } { $total ->
    [one] ligne
   *[other] lignes
}
journal-who-pupil = un élève
journal-who-operator = l’équipe Pix
journal-who-system = automatique
journal-who-unknown = un ancien compte
journal-see-student = Voir l’élève
journal-see-import = Voir l’import
journal-see-campaign = Voir le parcours

# Une phrase pour chaque action
journal-organization-created = L’établissement a été ajouté depuis l’annuaire.
journal-organization-updated = Les informations de l’annuaire ont changé.
journal-uai-replaced = L’UAI { $from } de l’établissement est remplacé par { $to }.
journal-address-confirmed = L’adresse officielle a été confirmée.
journal-import-allowed = Un import de plus a été permis.
journal-works-alone = Choix de travailler en solo pour l’instant.
journal-invitation-sent = Invitation envoyée.
journal-invitation-sent-to = Invitation envoyée à { $address }.
journal-invitation-resent = Nouveau lien d’invitation envoyé.
journal-invitation-resent-to = Nouveau lien d’invitation envoyé à { $address }.
journal-invitation-cancelled = Invitation annulée.
journal-invitation-cancelled-to = Invitation de { $address } annulée.
journal-invitation-accepted-administrator = { $name } a accepté l’invitation, comme administrateur.
journal-invitation-accepted-member = { $name } a accepté l’invitation, comme membre.
journal-link-asked-again = Le lien de l’établissement a été redemandé (« Je n’ai rien reçu »).
journal-role-changed-administrator = { $name } est devenu administrateur.
journal-role-changed-member = { $name } est devenu membre.
journal-member-removed = { $name } a quitté l’équipe, ou en a été retiré.
journal-terms-accepted = Conditions d’utilisation acceptées, version { $version }.
journal-roster-imported = Liste des élèves importée.
journal-import-undone = Import annulé : la liste est revenue comme avant.
journal-import-abandoned = Import abandonné avant d’être appliqué.
journal-students-left = { $count ->
    [1] Un élève a quitté l’établissement : sa date de sortie est passée.
   *[other] { $count } élèves ont quitté l’établissement : leur date de sortie est passée.
}
journal-students-anonymised = { $count ->
    [1] Un élève parti depuis trois mois a été rendu anonyme.
   *[other] { $count } élèves partis depuis trois mois ont été rendus anonymes.
}
journal-student-exported = Toutes les données d’un élève ont été téléchargées.
journal-student-erased = Un élève a été effacé.
journal-campaign-created = Parcours créé.
journal-campaign-edited = Parcours modifié.
journal-campaign-archived = Parcours archivé.
journal-campaign-reopened = Parcours rouvert.
journal-student-linked = Un élève de la liste a été rattaché à un compte du Médiacentre.
journal-student-unlinked = Le rattachement d’un élève a été défait. Raison donnée : « { $reason } ».
journal-link-moved = Le rattachement d’un élève est passé à son autre compte du Médiacentre.
journal-linking-asked = Un élève a demandé à être rattaché.
journal-linking-refused = Une demande de rattachement a été refusée.
