# Invitations : de l’ouverture du lien à la création du compte.

# Les trois étapes de l’arrivée, en haut des pages
arrival-name = Votre arrivée
arrival-invitation = L’invitation
arrival-invitation-done = L’invitation<span class="visually-hidden"> : fait</span>
arrival-account = Votre compte
arrival-account-done = Votre compte<span class="visually-hidden"> : fait</span>
arrival-terms = Les conditions

# Les titres, et les rôles dans les phrases
invitation-title = Invitation
role-administrator = administrateur
role-member = membre

# L’invitation à accepter
invitation-pending-title-school = Votre établissement est invité sur Pix Orga
invitation-pending-title-member = Rejoindre l’équipe de votre établissement
invitation-pending-mother = Cet établissement est rattaché à { $name }, { $commune } (UAI { $uai }).
invitation-pending-school = Pix Orga sert à préparer les parcours de vos élèves et à suivre leur participation. Vous en serez <strong>administrateur</strong> : vous importez la liste des élèves et vous invitez vos collègues.
invitation-pending-member = { $inviter } vous invite comme <strong>{ $role }</strong> de l’espace Pix Orga.
invitation-pending-accept = Accepter l’invitation
invitation-pending-signed-in = Vous êtes connecté avec { $signed_in_as }.
invitation-pending-other-title = Ce n’est pas vous ?
invitation-pending-other-school = Transmettez le message reçu au référent de l’établissement. La personne qui accepte devient administrateur.
invitation-pending-other-member = Cette invitation a été envoyée à { $sent_to }. Si elle ne vous est pas destinée, fermez cette page : rien ne sera enregistré.
invitation-pending-until = Ce lien est valable jusqu’au { $expires_on }.

# Créer son compte
invitation-account-title = Créer votre compte
invitation-account-known-title = J’ai déjà un compte Pix Orga
invitation-account-known-email = Adresse e-mail du compte
invitation-account-known-password = Mot de passe du compte
invitation-account-known-submit = Se connecter et accepter
invitation-account-first-name = Prénom
invitation-account-last-name = Nom
invitation-account-email = Votre adresse e-mail professionnelle
invitation-account-email-hint = Une adresse à vous, pas la boîte de l’établissement.
invitation-account-password = Mot de passe
invitation-account-password-hint = 12 caractères ou plus. Quelques mots qui se suivent font un bon mot de passe.
invitation-account-accept = J’ai lu les conditions du compte et je les accepte.
invitation-account-submit = Créer mon compte

# L’invitation qui ne sert plus
invitation-ended-accepted-title = Cette invitation a déjà servi
invitation-ended-cancelled-title = Cette invitation a été annulée
invitation-ended-expired-title = Cette invitation n’est plus valable
invitation-ended-replaced-title = Une invitation plus récente existe
invitation-ended-unknown-title = Invitation introuvable
invitation-ended-accepted = Si c’est vous qui l’avez acceptée, connectez-vous : votre espace vous attend. Sinon, demandez à un administrateur de l’établissement de vous inviter.
invitation-ended-accepted-sign-in = Se connecter
invitation-ended-nothing-received = Je n’ai rien reçu
invitation-ended-cancelled-by-school = L’établissement l’a annulée.
invitation-ended-cancelled-by = { $inviter } l’a annulée.
invitation-ended-cancelled-school = Demandez un nouveau lien pour l’établissement.
invitation-ended-cancelled-member = Si vous devez rejoindre l’équipe, demandez une nouvelle invitation à un administrateur.
invitation-ended-cancelled-link = Demander un nouveau lien
invitation-ended-expired-school = Le délai est passé, mais rien n’est perdu. Un nouveau lien peut être envoyé à la boîte officielle de l’établissement.
invitation-ended-expired-submit = Envoyer un nouveau lien à l’établissement
invitation-ended-expired-member = Le délai est passé. Demandez à un administrateur de renvoyer l’invitation : un clic lui suffit.
invitation-ended-expired-member-of = Le délai est passé. Demandez à { $inviter } de renvoyer l’invitation : un clic lui suffit.
invitation-ended-replaced = Un autre message, plus récent, contient le lien qui fonctionne. Cherchez le dernier message de Pix Orga dans votre boîte.
invitation-ended-unknown = Le lien est incomplet, ou l’invitation a été effacée. Reprenez le lien du message, en entier. S’il ne fonctionne toujours pas, demandez-en un nouveau.
