# La démonstration.

# L’entrée de la démonstration
demo-front-title = Découvrir Pix Orga
demo-front-lead = Vous êtes à la direction d’un collège inventé. Vous venez de recevoir un message de Pix Orga.
demo-front-mailbox = Ouvrir la boîte aux lettres
demo-front-path-title = Le chemin
demo-front-path-invitation = Dans la <a href="/demo/boite-aux-lettres">boîte aux lettres</a>, ouvrez l’invitation et acceptez-la.
demo-front-path-account = Créez un compte : n’importe quelle adresse convient, par exemple <code>camille@college.invalid</code>. Lisez et acceptez les conditions.
demo-front-path-import = Dans « Élèves », importez <a href="/demo/fichiers/premier">la liste de rentrée</a>, puis <a href="/demo/fichiers/suivant">l’export suivant</a>.
demo-front-path-campaign = Dans « Parcours », créez-en un et gardez son code. Dans le <a href="/demo/mediacentre">Médiacentre</a>, choisissez un élève, puis tapez ce code.
demo-front-path-team = Dans la boîte aux lettres, ouvrez « Confirmez votre adresse » et confirmez-la. Puis, dans « Équipe », invitez une collègue : son message arrive dans la même boîte.
demo-front-wrong-title = Les fichiers qu’on envoie par erreur
demo-front-wrong = Importez-les : chacun a sa réponse, et rien ne change.
demo-front-fregata-title = Et dans un lycée agricole ?
demo-front-fregata = Ses élèves ne sont pas dans SIECLE, mais dans Fregata, l’application de son ministère.
demo-front-fregata-invite = Envoyer l’invitation de ce lycée
demo-front-fregata-path = Ouvrez-la dans la <a href="/demo/boite-aux-lettres">boîte aux lettres</a>, puis importez <a href="/demo/fichiers/fregata-premier">sa liste de rentrée</a> et <a href="/demo/fichiers/fregata-suivant">son export suivant</a>. Ou l’un des fichiers qu’on y envoie par erreur :

# La boîte aux lettres
demo-mailbox-title = Boîte aux lettres de la démonstration
demo-mailbox-lead = Aucun message ne part vraiment. Voici ceux qui auraient été envoyés.
demo-mailbox-none-title = Aucun message
demo-mailbox-none = Les messages apparaîtront ici dès que le produit en enverra.
demo-mailbox-caption = Messages
demo-mailbox-order = Du plus récent au plus ancien
demo-mailbox-column-subject = Objet
demo-mailbox-column-recipient = Destinataire
demo-mailbox-column-date = Date
demo-mailbox-column-delivery = Envoi
demo-mailbox-to = Pour

# Un message
demo-mail-back = Boîte aux lettres
demo-mail-from = De
demo-mail-to = À
demo-mail-date = Date

# Le médiacentre
demo-mediacentre-title = Médiacentre de démonstration
demo-mediacentre-lead = Dans la réalité, l’élève ouvre Pix depuis le Médiacentre de son ENT, qui sait déjà qui il est. Ici, choisissez qui vous voulez être.
demo-mediacentre-present = Vous êtes dans le Médiacentre comme <strong>{ $name }</strong>. Choisissez une autre personne, ou sortez.
demo-mediacentre-leave = Sortir du Médiacentre
demo-mediacentre-column-person = Personne
demo-mediacentre-column-division = Classe
demo-mediacentre-column-note = Particularité
demo-mediacentre-column-enter = Entrer
demo-mediacentre-enter = Ouvrir Pix<span class="visually-hidden"> comme { $first_name } { $last_name }</span>

# Du médiacentre vers Pix
demo-continue-title = Le Médiacentre ouvre Pix
demo-continue-who = Il dit à Pix que c’est <strong>{ $first_name } { $last_name }</strong> qui arrive.
demo-continue-submit = Continuer
demo-continue-other = Choisir une autre personne
