# Mails. Pour chacun : l’objet, les mots du lien, puis les paragraphes dans leur ordre.

# Au début de tous
hello = Bonjour,

# L’invitation est envoyée de nouveau
link-replaced = Ce message a un nouveau lien. Il remplace celui que vous aviez reçu, qui ne marche plus.

# L’établissement est invité
school-invitation-subject = Invitation Pix Orga pour votre établissement
school-invitation-link = Accepter l’invitation
school-invitation-text = Pix Orga vous invite à ouvrir l’espace de votre établissement : { $school }.
school-invitation-mother = Cet établissement est rattaché à { $mother }, qui reçoit ce message pour lui.
school-invitation-space = Dans cet espace, vous importez la liste de vos élèves, vous leur proposez des parcours et vous suivez leur participation.
school-invitation-administrator = La personne qui accepte l’invitation devient administrateur de l’espace. Elle pourra ensuite inviter ses collègues.
school-invitation-forward = Une autre personne suit Pix dans votre établissement ? Transférez-lui ce message : le lien marchera aussi pour elle. Ne le donnez qu’à elle, car il ne sert qu’une fois.
school-invitation-until = Vous pouvez accepter jusqu’au { $until }.

# Un membre est invité
member-invitation-subject = Invitation à rejoindre un espace Pix Orga
member-invitation-link = Rejoindre l’espace
member-invitation-text = { $inviter } vous invite à rejoindre, sur Pix Orga, l’espace de l’établissement { $school }.
member-invitation-nobody = Un administrateur vous invite à rejoindre, sur Pix Orga, l’espace de l’établissement { $school }.
member-invitation-administrator = Vous y serez administrateur : vous pourrez suivre les élèves et les parcours, importer la liste des élèves et gérer l’équipe.
member-invitation-member = Vous y serez membre : vous pourrez voir les élèves et l’équipe, créer des parcours et en suivre la participation.
member-invitation-once = Cette invitation est pour vous. Ne la transférez pas : le lien ne sert qu’une fois.
member-invitation-until = Vous pouvez accepter jusqu’au { $until }. Si vous ne connaissez pas cet établissement, vous n’avez rien à faire.

# On redemande une invitation, et l’établissement a déjà son espace
school-already-joined-subject = Votre établissement a déjà son espace Pix Orga
school-already-joined-link = Se connecter
school-already-joined-text = On a demandé à Pix Orga un nouveau lien d’invitation pour l’établissement { $school }.
school-already-joined-why = Cet établissement a déjà un espace et un administrateur. Ce message ne contient donc pas d’invitation.
school-already-joined-ask = Vous voulez rejoindre l’espace ? Demandez une invitation à un administrateur de votre établissement. Si une autre personne attend ce lien, transférez-lui ce message.
school-already-joined-account = Vous avez déjà un compte ? Connectez-vous.

# Un nouveau mot de passe
password-reset-subject = Votre nouveau mot de passe Pix Orga
password-reset-link = Choisir un nouveau mot de passe
password-reset-text = On a demandé à Pix Orga un nouveau mot de passe pour votre compte.
password-reset-you = Si c’est vous, choisissez-le avec le lien de ce message. Vos connexions en cours seront fermées. Le lien ne sert qu’une fois. Ne le transférez à personne.
password-reset-until = Vous pouvez le faire jusqu’au { $until }.
password-reset-not-you = Si ce n’est pas vous, vous n’avez rien à faire : votre mot de passe ne change pas.

# Une adresse à confirmer
confirm-address-subject = Confirmez votre adresse pour Pix Orga
confirm-address-link = Confirmer mon adresse
confirm-address-text = Un compte Pix Orga a été créé avec votre adresse.
confirm-address-you = Si c’est vous, confirmez qu’elle est la vôtre. D’ici là, vous pouvez utiliser votre espace, mais pas inviter de collègues ni changer leurs rôles.
confirm-address-until = Vous pouvez confirmer jusqu’au { $until }.
confirm-address-not-you = Si ce n’est pas vous, ne confirmez pas : vous n’avez rien à faire.

# Un import est terminé
import-finished-subject = L’import de vos élèves est terminé
import-finished-link = Ouvrir mes espaces
import-finished-text = Pix Orga a terminé l’import de la liste des élèves de l’établissement { $school }.
import-finished-students = { $students ->
    [0] Aucun élève n’est
    [one] 1 élève est
   *[other] { $told } élèves sont
} maintenant dans l’espace.
import-finished-next = Ouvrez l’espace pour lire le compte rendu de l’import et voir ce qu’il reste à faire.

# À la place d’un lien effacé
erased = Le lien de ce message est effacé : il n’est gardé que jusqu’à l’envoi.

# À la fin de tous
signature = Message envoyé par Pix Orga.
signature-help = Besoin d’aide ? { $help }
