# Connexion, mot de passe, mon compte : les pages de chacun.

# Se connecter
sign-in-title = Se connecter
sign-in-email = Adresse e-mail
sign-in-password = Mot de passe
sign-in-submit = Se connecter
sign-in-forgotten = Mot de passe oublié
sign-in-first-title = Première visite ?
sign-in-first-text = Pix Orga s’ouvre avec le lien reçu par e-mail. L’invitation de votre établissement arrive dans sa boîte officielle.
sign-in-first-link = Je n’ai rien reçu

# Mot de passe oublié
password-forgotten-back = Se connecter
password-forgotten-sent-title = Consultez vos e-mails
password-forgotten-sent-text = Si un compte existe à cette adresse, un lien vient de lui être envoyé. Il sert une seule fois et reste valable une heure.
password-forgotten-sent-later = Rien au bout de dix minutes ? Regardez dans les indésirables, puis <a href="/mot-de-passe-oublie">demandez un autre lien</a>.
password-forgotten-title = Mot de passe oublié
password-forgotten-text = Indiquez l’adresse de votre compte. Vous recevrez un lien pour choisir un nouveau mot de passe.
password-forgotten-email = Adresse e-mail
password-forgotten-submit = Recevoir le lien

# Choisir un nouveau mot de passe
password-reset-title = Choisir un nouveau mot de passe
password-reset-text = Vous serez déconnecté partout ailleurs.
password-reset-password = Nouveau mot de passe
password-reset-hint = 12 caractères ou plus. Quelques mots qui se suivent font un bon mot de passe.
password-reset-submit = Enregistrer le mot de passe
password-reset-over-title = Ce lien ne sert plus
password-reset-over-text = Il a déjà servi, ou il date de plus d’une heure.
password-reset-over-link = Recevoir un autre lien

# Confirmer une adresse
email-confirm-title = Confirmer votre adresse
email-confirm-text = Vous pourrez ensuite inviter des collègues et changer les rôles de l’équipe.
email-confirm-submit = C’est bien mon adresse
email-confirm-over-title = Ce lien ne sert plus
email-confirm-over-text = Il a déjà servi, ou un message plus récent l’a remplacé. Si votre adresse reste à confirmer, demandez un autre message depuis « Mon compte ».
email-confirm-over-link = Aller à mon espace

# Je n’ai rien reçu
nothing-received-back = Se connecter
nothing-received-sent-title = C’est noté
nothing-received-sent-text = Si cet établissement est connu de Pix Orga, un message part maintenant vers sa boîte officielle.
nothing-received-sent-office = Demandez au secrétariat de la consulter. Le message peut se trouver dans les indésirables.
nothing-received-sent-later = Toujours rien demain ? Écrivez à <a href="{ $support_url }">l’aide de Pix</a> ou à <a href="{ $dane_url }">{ $dane_name }</a>.
nothing-received-sent-later-without-address = Toujours rien demain ? Écrivez à <a href="{ $support_url }">l’aide de Pix</a> ou adressez-vous à { $dane_name }.
nothing-received-title = Je n’ai rien reçu
nothing-received-text = L’invitation part vers la boîte officielle de l’établissement, celle de la direction. Indiquez l’UAI : nous enverrons un nouveau message à cette boîte.
nothing-received-uai = UAI de l’établissement
nothing-received-uai-hint = Sept chiffres et une lettre, par exemple 0690132U.
nothing-received-submit = Envoyer un message à l’établissement

# Mon compte
account-title = Mon compte
account-you-title = Vous
account-name = Nom
account-email = Adresse e-mail
account-email-confirmed = Adresse confirmée
account-email-unconfirmed = Adresse à confirmer
account-email-confirm = Ouvrez le message que nous vous avons envoyé et cliquez sur le lien.
account-email-resend = Renvoyer le message
account-schools-title = Vos établissements
account-schools-none = Votre compte n’est rattaché à aucun établissement. Demandez une invitation à un administrateur.
account-password-title = Changer de mot de passe
account-password-current = Mot de passe actuel
account-password-new = Nouveau mot de passe
account-password-hint = 12 caractères ou plus.
account-password-submit = Changer le mot de passe

# Choisir un établissement
schools-none-title = Aucun établissement
schools-title = Choisir un établissement
schools-none-text = Votre compte n’est rattaché à aucun établissement. Ouvrez le lien de votre invitation, ou demandez à un administrateur de vous inviter.
schools-none-link = Je n’ai rien reçu

# Une page introuvable, une action refusée
problem-code = Pour l’assistance : <code>{ $code }</code>
problem-action-terms = Lire les conditions
problem-back = Aller à mon espace

# Une question avant un acte qui compte
confirm-back = Ne rien changer
