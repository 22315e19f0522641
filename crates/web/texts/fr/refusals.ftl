# Ce que l'on dit quand une règle refuse : ce qui s'est passé, puis quoi faire.
refusal-title = Cette action n’est pas possible

# Partout
refusal-not_found = Cette page n’existe pas, ou elle ne vous est pas ouverte. Vérifiez l’adresse, ou revenez à votre espace.
refusal-not_found-title = Page introuvable
refusal-form_expired = Cette page est restée ouverte trop longtemps. Revenez en arrière, rechargez-la et recommencez : rien n’a été enregistré.
refusal-form_expired-title = Page à recharger
refusal-bad_request = Le formulaire n’a pas été compris. Revenez en arrière, rechargez la page et recommencez.
refusal-busy = Quelqu’un d’autre a modifié la même chose au même moment. Revenez en arrière, rechargez la page et recommencez.
refusal-busy-title = Une autre personne est passée avant vous
refusal-unavailable = Le service ne répond pas pour le moment. Rien n’a été perdu : réessayez dans une minute.
refusal-unavailable-title = Service momentanément indisponible
refusal-overloaded = Trop de monde à la fois. Rien n’a été perdu ni enregistré : attendre vingt secondes, puis recommencer.
refusal-overloaded-title = Encore un instant
refusal-too_slow = La connexion est trop lente ou s’est interrompue : rien n’a été enregistré. Recommencer, si possible sur un autre réseau.
refusal-too_slow-title = L’envoi s’est interrompu
refusal-terms_required = Lisez et acceptez d’abord les conditions d’utilisation de Pix Orga.
refusal-terms_required-title = Les conditions d’abord
refusal-role_insufficient = Seul un administrateur peut faire cela. Demandez à un administrateur de votre établissement.
refusal-role_insufficient-title = Réservé aux administrateurs
refusal-email_unconfirmed = Confirmez d’abord votre adresse : suivez le lien du message que vous avez reçu, ou demandez-en un autre depuis « Mon compte ».
refusal-email_unconfirmed-title = Votre adresse est à confirmer
refusal-mail_not_configured = L’envoi des messages n’est pas encore réglé sur ce serveur. Prévenez la personne qui l’administre.
refusal-mail_not_configured-title = Aucun message ne peut partir
refusal-gar_not_configured = La connexion par le médiacentre n’est pas encore réglée sur ce serveur. Prévenez la personne qui l’administre.
refusal-gar_not_configured-title = Médiacentre non relié
refusal-too_large = C’est trop volumineux. Vérifiez que vous envoyez bien le bon contenu.
refusal-too_large-title = Envoi trop volumineux

# Comptes
refusal-credentials_refused = Adresse ou mot de passe incorrect. Vérifiez les deux, ou choisissez « Mot de passe oublié ».
refusal-too_many_attempts = Trop d’essais en peu de temps. Attendez un peu avant de réessayer.
refusal-account_link_not_found = Ce lien a déjà servi ou a été remplacé. Demandez-en un autre.
refusal-account_link_not_found-title = Ce lien ne sert plus
refusal-account_link_expired = Ce lien est trop ancien. Demandez-en un autre.
refusal-account_link_expired-title = Ce lien ne sert plus
refusal-password_too_short = Choisissez un mot de passe d’au moins 12 caractères. Quelques mots qui se suivent conviennent très bien.
refusal-password_too_long = Choisissez un mot de passe de 128 caractères au plus.
refusal-password_common = Ce mot de passe est trop courant : on l’essaierait en premier. Choisissez-en un autre.
refusal-password_is_identity = Ce mot de passe reprend votre nom ou votre adresse. Choisissez-en un autre.
refusal-email_taken = Un compte existe déjà à cette adresse. Connectez-vous avec ce compte.
refusal-email_invalid = Cette adresse n’est pas complète. Exemple : prenom.nom@ac-lyon.fr.
refusal-name_invalid = Indiquez votre prénom et votre nom, 100 caractères au plus.
refusal-terms_unaccepted = Cochez la case pour accepter les conditions.

# Invitations
refusal-invitation_not_found = Cette invitation est introuvable. Reprenez le lien du message, en entier, ou choisissez « Je n’ai rien reçu ».
refusal-invitation_not_found-title = Invitation introuvable
refusal-invitation_accepted = Cette invitation a déjà servi. Connectez-vous si c’est vous ; sinon, demandez une invitation à un administrateur de l’établissement.
refusal-invitation_cancelled = Cette invitation a été annulée. Demandez-en une autre à un administrateur de l’établissement.
refusal-invitation_expired = Cette invitation n’est plus valable. Demandez qu’on vous la renvoie.
refusal-invitation_replaced = Un message plus récent contient le bon lien. Cherchez le dernier message de Pix Orga.
refusal-too_many_addresses = 200 adresses au plus à la fois. Envoyez les autres ensuite.
refusal-address_missing = Indiquez au moins une adresse.
refusal-already_member = Cette personne est déjà membre de l’espace.
refusal-resend_too_soon = Un message vient de partir. Attendez une minute entre deux envois ; cinq renvois par jour au plus.
refusal-too_many_invitations = Votre établissement a déjà envoyé 300 invitations en 24 heures, renvois compris. Envoyez celle-ci demain.
refusal-nothing_to_resend = Cette invitation a été acceptée ou annulée : il n’y a rien à renvoyer.
refusal-not_pending = Cette invitation a déjà été acceptée ou annulée.
refusal-address_to_confirm = L’adresse officielle de cet établissement doit d’abord être confirmée par un opérateur.
refusal-already_joined = Cet établissement a déjà un administrateur.
refusal-school_abroad = Cet établissement est à l’étranger : il n’a ni SIECLE ni Fregata, d’où vient la liste des élèves. Il n’est pas invité. Orientez-le vers l’assistance de Pix, qui lui dira comment travailler avec ses élèves.
refusal-school_in_its_college = Une SEGPA n’est pas invitée : ses élèves sont dans la liste de son collège. Invitez le collège.

# Équipe
refusal-role_unknown = Ce rôle n’existe pas. Choisissez « Membre » ou « Administrateur ».
refusal-last_administrator = Il faut toujours un administrateur. Donnez d’abord ce rôle à une autre personne.
refusal-last_administrator-title = Dernier administrateur

# Établissements
refusal-uai_format = Un UAI a sept chiffres et une lettre. Exemple : 0690132U.
refusal-uai_key = La lettre finale ne correspond pas aux chiffres. Vérifiez chaque caractère de l’UAI.
refusal-uai_prefix_unknown = Les trois premiers chiffres de cet UAI ne sont ceux d’aucun département. Vérifiez-les.
refusal-uai_same = Ces deux UAI sont le même. Donnez d’abord l’ancien, puis celui qui le remplace.
refusal-uai_in_use = Le nouvel UAI est celui d’un autre espace, où l’on a déjà travaillé. Deux espaces ne se réunissent pas : faites importer la liste complète des élèves dans celui du nouvel UAI. Ceux qui étaient rattachés ailleurs s’y rattachent seuls, par leur INE, à leur prochain parcours.
refusal-school_name_missing = La ligne n’a pas de nom d’établissement.
refusal-school_accents_lost = Des accents du nom ou de la commune sont détruits : le fichier a été mal enregistré. Chargez le fichier téléchargé, sans l’ouvrir.
refusal-row_unreadable = La ligne ne peut pas être lue : ses cellules ne correspondent pas aux colonnes. Corrigez-la dans le fichier, puis rechargez-le.
refusal-school_out_of_scope = Cet établissement n’est ni un collège ni un lycée.
refusal-directory_empty = Ce fichier est vide. Téléchargez de nouveau l’annuaire officiel, au format CSV.
refusal-directory_spreadsheet = Ce fichier est un classeur de tableur. Téléchargez l’annuaire officiel au format CSV, ou enregistrez ce classeur en « CSV UTF-8 ».
refusal-directory_not_csv = Ce fichier n’est pas un tableau au format CSV. Téléchargez l’annuaire officiel au format CSV ; s’il est dans une archive, sortez-le d’abord.
refusal-directory_encoding_unknown = Les accents de ce fichier ne peuvent pas être lus. Chargez le fichier téléchargé, sans l’ouvrir, ou enregistrez-le en « CSV UTF-8 ».
refusal-directory_columns_missing = Ce fichier n’a pas les colonnes de l’annuaire officiel. Téléchargez-le de nouveau, au format CSV, avec toutes ses colonnes.

# Liste des élèves
refusal-import_in_progress = Un import est déjà en cours pour votre établissement. Attendez qu’il se termine.
refusal-uploads_full = Beaucoup d’établissements envoient leur liste en ce moment. Rien n’a été enregistré : réessayez dans une minute.
refusal-import_open = Un import de la liste n’est pas terminé. Confirmez-le ou abandonnez-le, puis recommencez.
refusal-plan_stale = La liste a changé depuis cet aperçu. Relisez le nouvel aperçu, puis confirmez.
refusal-undo_expired = Cet import ne peut plus être annulé : la liste a changé depuis, ou plus de 24 heures ont passé. Pour corriger la liste, importez un nouvel export.
refusal-roster_already_imported = La liste a déjà été importée. Demandez à l’assistance d’autoriser un nouvel import.

refusal-plan_not_waiting = Cet import n’attend plus de réponse. Revenez à la liste des élèves.
refusal-leavers_count_wrong = Ce nombre n’est pas celui des élèves qui partent. Relisez la liste des partants, puis tapez leur nombre.
refusal-file_missing = Choisissez d’abord le fichier des élèves.

# Parcours, pour l’équipe
refusal-campaign_not_found = Ce parcours n’est pas dans votre établissement. Revenez à la liste des parcours.
refusal-campaign_not_found-title = Parcours introuvable
refusal-campaign_archived = Ce parcours est archivé. Rouvrez-le d’abord, puis modifiez-le.
refusal-campaign_archived-title = Parcours archivé
refusal-campaign_title_missing = Donnez un titre au parcours : vos élèves le verront.
refusal-campaign_title_too_long = Raccourcissez le titre : 120 caractères au plus.
refusal-campaign_introduction_too_long = Raccourcissez l’introduction : 2 000 caractères au plus.
refusal-campaign_destination_invalid = Cette adresse n’est pas complète. Copiez-la en entier : elle commence par https://.
refusal-campaign_destination_too_long = Cette adresse est trop longue : 2 000 caractères au plus. Copiez celle de la page d’accueil du parcours.

# Rattachement, pour l’équipe
refusal-request_not_found = Cette demande n’est pas dans votre établissement. Revenez à la liste des demandes.
refusal-request_not_found-title = Demande introuvable
refusal-request_already_settled = Cette demande a déjà été traitée par une autre personne. Revenez à la liste des demandes.
refusal-request_already_settled-title = Demande déjà traitée
refusal-student_not_found = Cet élève n’est pas dans la liste de votre établissement. Importez une liste à jour, ou choisissez-en un autre.
refusal-student_not_found-title = Élève introuvable
refusal-student_missing = Choisissez d’abord un élève.
refusal-already_linked = Cet élève est déjà rattaché à un compte. Choisissez-en un autre, ou demandez à un administrateur de défaire ce rattachement.
refusal-already_linked-title = Élève déjà rattaché
refusal-pupil_already_linked = Ce compte est déjà rattaché à un autre élève de votre établissement. Défaites d’abord ce rattachement.
refusal-pupil_already_linked-title = Compte déjà rattaché
refusal-not_linked = Cet élève n’est rattaché à aucun compte. Il n’y a rien à défaire.
refusal-not_linked-title = Élève non rattaché
refusal-reason_missing = Dites pourquoi en quelques mots.
refusal-reason_too_long = Raccourcissez la raison : 300 caractères au plus.
refusal-move_expired = Ce rattachement ne peut plus être rendu à l’ancien compte : plus de 30 jours ont passé. Défaites-le, l’élève pourra se rattacher de nouveau.
refusal-nothing_chosen = Cochez au moins un élève.
refusal-too_many_moves = Cochez 1 000 élèves au plus, puis recommencez pour les autres.
refusal-move_uncertain = Ce qui était affiché a changé entre-temps : la liste, la demande ou le rattachement. Regardez cette demande à part.
refusal-move_expired-title = Trop tard pour revenir en arrière

# Élèves
refusal-not_a_pupil = Le Médiacentre ouvre Pix aux élèves seulement. Voici quoi faire, selon qui vous êtes.
refusal-not_a_pupil-title = Cette entrée est celle des élèves
refusal-pupils_only = Cette page est pour les élèves, et vous êtes connecté à votre espace. L’élève qui entre par le Médiacentre prend la place de votre session dans ce navigateur.
refusal-pupils_only-title = Une page pour les élèves
refusal-adults_only = Cette page est pour les adultes de ton établissement. Retourne à tes parcours.
refusal-adults_only-title = Une page pour les adultes
refusal-gar_attribute_missing = Ce n’est pas ta faute : le Médiacentre n’a pas donné à Pix tout ce qu’il faut pour te reconnaître. Préviens ton enseignant, puis réessaie plus tard.
refusal-gar_attribute_missing-title = Il manque une information
refusal-gar_sign_in_refused = Ce n’est pas ta faute. Retourne au Médiacentre et clique de nouveau sur Pix.
refusal-gar_sign_in_refused-title = Ton entrée n’a pas marché
refusal-wrong_school = Ce parcours est celui d’un autre établissement que le tien. Vérifie le code avec ton enseignant.
refusal-wrong_school-title = Un autre établissement
refusal-left_school = Tu ne fais plus partie de cet établissement : tu ne peux pas y commencer de nouveau parcours. Ceux que tu as déjà commencés t’attendent dans « Mes parcours ». C’est une erreur ? Parles-en à ton enseignant.
refusal-left_school-title = Tu as quitté cet établissement
refusal-birthdate_invalid = Cette date n’existe pas. Vérifie le jour, le mois et l’année, avec 4 chiffres pour l’année.
refusal-birthdate_out_of_range = Vérifie l’année de ta naissance.
refusal-attempts_exhausted_today = Tu as fait tous tes essais pour aujourd’hui. Reviens demain, ou demande à ton enseignant.
refusal-attempts_exhausted = Tu as fait tous tes essais. Demande à ton enseignant : il peut t’aider.
