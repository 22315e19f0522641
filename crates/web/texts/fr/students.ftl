# Élèves : la liste
students-all-classes = Toutes les classes
students-all-connections = Toutes les connexions
students-connection-linked = Médiacentre
students-connection-not_linked = Non rattaché
students-connection-to_check = Demande à vérifier
students-sort-name = Nom
students-sort-first_name = Prénom
students-sort-birthdate = Date de naissance
students-sort-division = Classe
students-sort-linked_since = Connexion
students-pager = { $first } à { $last } sur { $total } { $total ->
    [one] élève
   *[other] élèves
}
nothing = (vide)
unknown = inconnu
sex-f = Fille
sex-m = Garçon
student-field-last_name = Nom de famille
student-field-usage_name = Nom d’usage
student-field-first_name = Prénom
student-field-other_first_names = Autres prénoms
student-field-birthdate = Date de naissance
student-field-sex = Sexe
student-field-division = Classe
student-field-mef = Formation (MEF)
student-field-leaves_on = Départ prévu
student-field-ine = INE
student-field-eleve_id = { $system ->
    [Fregata] Identifiant unique
   *[SIECLE] Numéro SIECLE
}

# Import : le fichier
file-refused-title = Ce fichier ne peut pas être importé
file-empty_file-title = Ce fichier est vide
file-too_large-title = Ce fichier est trop volumineux
file-zip_method_unsupported-title = Cette archive est compressée autrement
file-zip_unreadable-title = Cette archive est abîmée
file-zip_encrypted-title = Cette archive est protégée par un mot de passe
file-zip_without_roster-title = Cette archive ne contient pas la liste des élèves
file-zip_ambiguous-title = Cette archive contient plusieurs listes
file-malformed_xml-title = Ce fichier est abîmé
file-malformed_csv-title = Ce fichier est abîmé
file-columns_missing-title = Il manque des colonnes à ce fichier
file-wrong_export-title = Ce n’est pas le bon export
file-not_siecle-title = Ce n’est pas un export de { $system }
file-uai_missing-title = Ce fichier ne dit pas de quel établissement il vient
file-uai_mismatch-title = Ce fichier vient d’un autre établissement
file-uai_mismatch-former_uai-title = Ce fichier porte votre ancien code UAI
file-uai_mismatch-new_uai-title = Ce fichier porte un autre code UAI que le vôtre
file-accents_lost-title = Les accents de ce fichier sont perdus
file-no_student-title = Ce fichier ne contient aucun élève à importer
file-import_in_progress-title = Un import est déjà en cours
file-uploads_full-title = Encore une minute
file-roster_already_imported-title = La liste a déjà été importée
demo-file-first = La liste de rentrée (600 élèves)
demo-file-next = L’export suivant : arrivées, départs, changements et un nom abîmé
demo-file-wrong = Les fichiers qu’on envoie par erreur
demo-file-fregata-first = La liste de rentrée (300 élèves)

# Import : les étapes
import-phase-received = Fichier reçu
import-phase-received-count = { $count } ko
import-phase-queued = En attente de son tour
import-phase-queued-count = { $count ->
    [one] { $count } import passe avant le vôtre
   *[other] { $count } imports passent avant le vôtre
}
import-phase-checked = Fichier vérifié
import-phase-checked-count = { $count ->
    [one] { $count } élève lu
   *[other] { $count } élèves lus
}
import-phase-compared = Comparé à la liste
import-phase-compared-count = { $count ->
    [0] aucun changement
    [one] { $count } changement
   *[other] { $count } changements
}
import-phase-written = Liste enregistrée
import-phase-written-count = { $count ->
    [one] { $count } fiche écrite
   *[other] { $count } fiches écrites
}
import-end-written-title = La liste des élèves est chargée
import-end-written = Vous pouvez maintenant créer un parcours.
import-end-written-action = Voir la liste des élèves
import-end-nothing_to_do-title = La liste est déjà à jour
import-end-nothing_to_do = Ce fichier ne change rien.
import-end-nothing_to_do-action = Voir la liste des élèves
import-end-only_rejected-title = Des élèves du fichier sont refusés
import-end-only_rejected = Rien n’a changé dans votre liste.
import-end-only_rejected-action = Voir lesquels
import-end-waiting-title = Le fichier est prêt
import-end-waiting = Relisez ce qui va changer, puis confirmez.
import-end-waiting-action = Voir ce qui va changer
import-end-refused-title = Ce fichier ne peut pas être importé
import-end-refused = Rien n’a changé dans votre liste.
import-end-refused-action = Voir pourquoi
import-end-failed-title = L’import n’a pas abouti
import-end-failed = Rien n’a changé dans votre liste.
import-end-failed-action = Voir pourquoi

# Import : l’aperçu
plan-older_export = Cet export est plus ancien que le dernier importé. Vérifiez que vous avez choisi le bon fichier.
plan-school_year_back = Cet export est celui d’une année scolaire passée. Vérifiez que vous avez choisi le bon fichier.
plan-few_found = Moins de la moitié des élèves de votre liste sont dans ce fichier. Vérifiez qu’il est bien celui de votre établissement.
plan-returning-note = Retrouve sa fiche et son compte
plan-leaving-absent = Absent du fichier
plan-leaving-left = Parti, d’après { $system }
plan-leaving-inactive = Dans la division « Inactifs »
plan-lost-ine = son INE est celui d’un autre élève du fichier
plan-lost-eleve_id = son { $system ->
    [Fregata] identifiant
   *[SIECLE] numéro SIECLE
} est celui d’un autre élève du fichier
plan-leaves-on = Départ prévu le { $day }
plan-added = Ajouté
plan-updated = Modifié
plan-returning = De retour
plan-leaving = Partant
plan-renumbered = Numéro repris
plan-rejected = Refusé
plan-set_aside = Laissé de côté
plan-warning = Remarque
plan-csv-header = Quoi;Nom;Prénom;Né(e) le ou ligne du fichier;Classe;Précision

# Import : une fois fini
import-report-written-title = La liste des élèves est chargée
import-report-written = L’import est terminé.
import-report-nothing_to_do-title = La liste est déjà à jour
import-report-nothing_to_do = Ce fichier ne change rien à la liste des élèves.
import-report-only_rejected-title = Des élèves du fichier sont refusés
import-report-only_rejected = Rien n’a changé dans la liste. Corrigez leurs fiches dans { $system }, puis importez de nouveau.
import-report-refused-title = Ce fichier n’a pas été importé
import-report-failed-title = L’import n’a pas abouti
import-report-abandoned-title = Import abandonné
import-report-abandoned = Rien n’a changé dans la liste. Le fichier est effacé.
import-report-undone-title = Import annulé
import-report-undone = La liste est revenue à ce qu’elle était avant cet import.
import-failed-reading_failed = Pix Orga s’est interrompu en lisant votre fichier. Rien n’a changé dans la liste. Envoyez le fichier de nouveau. Si cela se reproduit, prévenez l’assistance.
import-failed-too_many_attempts = Pix Orga s’est arrêté plusieurs fois pendant cet import. Rien n’a changé dans la liste. Ce fichier en est peut-être la cause : prévenez l’assistance avant de l’envoyer de nouveau.
import-failed-file_gone = Le fichier a été effacé avant la fin de l’import. Rien n’a changé : envoyez-le de nouveau.
import-outcome-received = En cours
import-outcome-checked = En cours
import-outcome-compared = En cours
import-outcome-waiting = À confirmer
import-outcome-written = Appliqué
import-outcome-nothing_to_do = Rien à changer
import-outcome-only_rejected = Élèves refusés
import-outcome-refused = Refusé
import-outcome-failed = Interrompu
import-outcome-abandoned = Abandonné
import-outcome-undone = Annulé
count-added = { $count ->
    [one] { $count } ajouté
   *[other] { $count } ajoutés
}
count-updated = { $count ->
    [one] { $count } modifié
   *[other] { $count } modifiés
}
count-returning = { $count } de retour
count-leaving = { $count ->
    [one] { $count } partant
   *[other] { $count } partants
}
count-rejected = { $count ->
    [one] { $count } refusé
   *[other] { $count } refusés
}
count-nothing = Aucun changement.
count-not-yet = Rien pour l’instant.

# Rattachement : demandes et élève
student-title = Élève
student-number-lost = Repris par un autre élève
requests-title = Demandes à vérifier
request-title = Demande à vérifier
near-same_names = Mêmes noms, même date de naissance.
near-names_swapped = Même date de naissance ; nom et prénom échangés.
near-names_close = Même date de naissance ; noms qui se ressemblent.
near-day_month_swapped = Noms qui concordent ; jour et mois de naissance échangés.
near-one_digit_off = Noms qui concordent ; un chiffre de la date de naissance diffère.
near-surname_only = Même nom, même date de naissance, autre prénom : peut-être son jumeau ou sa jumelle.
near-first_name_in_division = Même prénom, même date de naissance, même classe ; autre nom.
near-searched = Trouvé par votre recherche : vérifiez bien son nom et sa date de naissance.
flash-request-approved = L’élève est rattaché. Il peut reprendre son parcours.
flash-request-refused = La demande est refusée. L’élève n’est rattaché à personne.
flash-link-moved = Le rattachement est passé au nouveau compte. Vous pouvez revenir en arrière pendant 30 jours, depuis la page de l’élève.
flash-links-moved = { $count ->
    [1] Un rattachement est passé au nouveau compte. Vous pouvez revenir en arrière pendant 30 jours, depuis la page de l’élève.
   *[other] { $count } rattachements sont passés aux nouveaux comptes. Vous pouvez revenir en arrière pendant 30 jours, depuis la page de chaque élève.
}
flash-link-moved-back = Le rattachement est rendu à l’ancien compte.
flash-unlinked = Le rattachement est défait. L’élève peut se rattacher de nouveau.

# Avant le premier import
students-none-title = La liste des élèves n’est pas encore là
students-none-text = { $system ->
    [Fregata] Elle vient de Fregata, en un seul fichier. La direction ou le secrétariat l’exporte, vous l’importez ici. Comptez cinq minutes.
   *[SIECLE] Elle vient de SIECLE, en un seul fichier. La direction l’exporte en cinq clics, vous l’importez ici. Comptez cinq minutes.
}
students-none-import = Importer ({ $system ->
    [Fregata] .csv
   *[SIECLE] .xml ou .zip
})
students-none-note = Note à imprimer pour la direction
students-none-reserved = L’import est réservé aux administrateurs de l’espace. <a href="{ $root }/equipe">Voir qui ils sont</a>
export-title = { $system ->
    [Fregata] L’export dans Fregata
   *[SIECLE] L’export dans SIECLE, en cinq clics
}
students-none-rights = Seules les personnes qui ont les droits { $system } peuvent le faire : le plus souvent la direction ou le secrétariat.
students-none-demo = Télécharger l’export de démonstration
students-none-kept-title = Ce que nous gardons
students-none-kept = Nom, prénoms, date de naissance, sexe, classe, INE et { $system ->
    [Fregata] formation
   *[SIECLE] numéros SIECLE
}. Rien d’autre.
students-none-never = { $system ->
    [Fregata] Ni le lieu de naissance ni le statut : ces informations ne sont pas gardées. Le fichier est effacé dès que l’import est terminé.
   *[SIECLE] Aucune adresse, aucun téléphone, aucune nationalité : ces informations ne sont pas lues. Le fichier est effacé dès que l’import est terminé.
}
students-none-data = Vos données et celles des élèves

# L’export dans SIECLE
siecle-step-1 = Ouvrez <strong>SIECLE</strong>, module « Base élèves ».
siecle-step-2 = Choisissez le menu <strong>Exportations</strong>.
siecle-step-3 = Choisissez <strong>En XML</strong>.
siecle-step-4 = Cliquez sur <strong>Élèves sans adresse</strong>.
siecle-step-5 = Enregistrez le fichier <code>ExportXML_ElevesSansAdresses.zip</code>, sans l’ouvrir ni le modifier.

# L’export dans Fregata
fregata-step-1 = Ouvrez <strong>Fregata</strong>, sur votre établissement et l’année scolaire en cours.
fregata-step-2 = Vérifiez que les inscriptions sont validées et que chaque élève a une <strong>division</strong>.
fregata-step-3 = Exportez la <strong>liste des élèves au format CSV</strong>. L’aide en ligne de Fregata dit dans quel menu, selon votre rôle.
fregata-step-4 = Enregistrez le fichier <code>.csv</code>, sans l’ouvrir ni le modifier.

# La note pour la direction
students-title = Élèves
note-title = Note pour l’équipe de direction
note-print = Imprimer cette note
note-text = Notre établissement utilise Pix avec ses élèves. Pour ouvrir l’espace Pix Orga, il manque <strong>la liste des élèves</strong>. Elle vient de { $system }, et l’export demande vos droits.
note-steps-title = Ce qu’il faut faire{ $system ->
    [Fregata] {""}
   *[SIECLE] , en cinq clics
}
note-then = Remettez ensuite ce fichier au référent Pix, ou déposez-le vous-même à cette adresse : <strong class="nowrap-soft">{ $import_url }</strong>.
note-good-title = Bon à savoir
note-good-export = { $system ->
    [Fregata] Choisissez bien l’export des élèves de Fregata. Un tableau refait à la main, ou l’export d’un autre logiciel, ne convient pas.
   *[SIECLE] Choisissez bien « Élèves <strong>sans</strong> adresse ». Les exports des responsables, des structures ou des nomenclatures ne conviennent pas.
}
note-good-delay = { $system ->
    [Fregata] Un élève sans division est laissé de côté : saisissez-la avant l’export.
   *[SIECLE] En début d’année, les classes saisies dans SIECLE arrivent dans l’export le lendemain.
}
note-good-spreadsheet = N’ouvrez pas le fichier dans un tableur : { $system ->
    [Fregata] il y perdrait des dates, des accents ou des codes.
   *[SIECLE] il ne serait plus lisible.
}
note-good-safety = Préférez une clé ou un dossier partagé de l’établissement à un envoi par e-mail : le fichier contient des données d’élèves.
note-kept-title = Ce qui est gardé
note-kept = { $system ->
    [Fregata] Nom, prénoms, date de naissance, sexe, classe, INE et formation. Le lieu de naissance et le statut ne sont pas gardés. Le fichier est effacé après l’import, au plus tard sous 24 heures.
   *[SIECLE] Nom, prénoms, date de naissance, sexe, classe, INE et numéros SIECLE. Les adresses et les autres informations ne sont pas lues. Le fichier est effacé après l’import, au plus tard sous 24 heures.
}

# Choisir le fichier
choose-title = Importer la liste des élèves
choose-nothing-changed = Rien n’a changé dans votre liste.
choose-file = Le fichier exporté de { $system }
choose-file-hint = Fichier { $system ->
    [Fregata] .csv
   *[SIECLE] .zip ou .xml
}. Vous pouvez aussi le faire glisser sur le bouton.
choose-submit = Importer ({ $system ->
    [Fregata] .csv
   *[SIECLE] .xml ou .zip
})
choose-first = La liste est chargée aussitôt si tout est en ordre.
choose-next = Vous verrez ce qui va changer avant que rien ne soit modifié.
choose-limit = Taille maximale : { $limit }.
choose-get-title = Obtenir le fichier
choose-note = La note à imprimer pour la direction
choose-demo-title = Fichiers de démonstration

# L’import en cours
progress-title = Import en cours
progress-queued-title = Import en attente
progress-text = Patientez… Vous pouvez aussi quitter cette page : l’import continue.
progress-sent = Envoyé le { $started_at }
progress-refresh = Actualiser
import-phase-done = { $title }<span class="visually-hidden"> : fait</span>
import-phase-failed = { $title }<span class="visually-hidden"> : échec</span>
import-phase-running = { $title }<span class="visually-hidden"> : en cours</span>

# L’aperçu
plan-nothing-title = La liste est déjà à jour
plan-only-rejected-title = Des élèves du fichier sont refusés
plan-title = Ce que l’import va changer
plan-nothing-text = Ce fichier ne change rien à la liste des élèves.
plan-only-rejected-text = Rien ne change dans la liste. Corrigez leurs fiches dans { $system }, puis importez de nouveau.
plan-text = Rien n’est encore modifié. Relisez, puis confirmez.
plan-school = { $first ->
    [yes] Vous allez remplir la liste de <strong>{ $name }</strong> ({ $commune }, { $uai }).
   *[no] Vous allez mettre à jour la liste de <strong>{ $name }</strong> ({ $commune }, { $uai }).
} Le fichier de { $system } ne dit pas de quel établissement il vient : vérifiez que ces élèves sont bien les vôtres.
plan-stale-title = La liste a changé entre-temps
plan-stale = Nous avons recalculé ce qui va changer. Relisez avant de confirmer.
file-school = Établissement
file-school-year = Année scolaire
file-exported = Exporté de { $system }
file-exported-on = le { $exported_on }
file-sent = Envoyé
file-sent-by = le { $sent_at } par { $sent_by }
plan-section-rejected = Refusés
plan-section-rejected-note = À corriger dans { $system }. Les autres élèves sont importés.
plan-section-added = Ajoutés
plan-section-added-note = Nouveaux dans la liste
plan-column-division = Classe
plan-section-updated = Modifiés
plan-section-updated-note = Une information change dans { $system }
plan-section-updated-caption = Élèves modifiés
plan-column-student = Élève
plan-column-changes = Ce qui change
plan-change-before = <span class="visually-hidden">avant </span>{ $old }
plan-change-after = <span class="visually-hidden">après </span>{ $new }
plan-section-returning = De retour
plan-section-returning-note = Ils avaient quitté la liste, ils retrouvent leur compte
plan-section-leaving = Partants
plan-section-leaving-note = Absents du fichier : ils quittent la liste, rien n’est supprimé
plan-section-renumbered = Numéros repris
plan-section-renumbered-note = Le fichier donne leur numéro à un autre élève
plan-section-renumbered-caption = Élèves qui perdent un numéro
plan-section-set-aside = Laissés de côté
plan-section-set-aside-note = C’est normal : partis, inactifs ou sans classe
plan-section-remarks = Remarques
plan-section-remarks-note = Importés, avec une précision
plan-unchanged = { $count ->
    [one] { $count } élève ne change pas.
   *[other] { $count } élèves ne changent pas.
}
plan-nothing-decision = Il n’y a rien à confirmer
plan-decision = Confirmer l’import
plan-list = Voir la liste des élèves
plan-undo = Après confirmation, l’import peut être annulé pendant 24 heures, tant que rien d’autre ne change dans la liste.
plan-leavers = Combien d’élèves vont quitter la liste ?
plan-leavers-hint = Beaucoup d’élèves partent. Tapez leur nombre, écrit plus haut, pour confirmer.
plan-confirm = Confirmer : { $arriving } { $arriving ->
    [one] arrivée
   *[other] arrivées
}, { $updated } { $updated ->
    [one] modification
   *[other] modifications
}, { $leaving } { $leaving ->
    [one] départ
   *[other] départs
}
plan-abandon = Abandonner cet import

# Les parties de l’aperçu et du compte rendu
plan-more = Les { $shown_max } premiers sont affichés. <a href="{ $url }">Télécharger la liste entière (CSV)</a>
plan-column-birthdate = Date de naissance
plan-column-note = Précision
plan-column-born = Né(e) le
plan-column-message = Explication
plan-column-line = Ligne du fichier
plan-column-line-short = Ligne

# Le compte rendu d’un import
report-figure-added = <span class="figure">{ $count }</span> { $count ->
    [one] ajouté
   *[other] ajoutés
}
report-figure-updated = <span class="figure">{ $count }</span> { $count ->
    [one] modifié
   *[other] modifiés
}
report-figure-returning = <span class="figure">{ $count }</span> de retour
report-figure-leaving = <span class="figure">{ $count }</span> { $count ->
    [one] partant
   *[other] partants
}
report-figure-unchanged = <span class="figure">{ $count }</span> { $count ->
    [one] inchangé
   *[other] inchangés
}
import-history-title = Historique des imports
report-rejected-note = À corriger dans { $system }, puis importez de nouveau.
report-list = Voir la liste des élèves
report-undo = Annuler cet import
report-undo-until = Possible jusqu’au { $until }

# L’historique des imports
import-history-none-title = Aucun import pour le moment
import-history-none = Le premier import apparaîtra ici, avec son auteur et ce qu’il a changé.
import-history-caption = Imports de la liste des élèves
import-history-order = Du plus récent au plus ancien
import-history-column-date = Date
import-history-column-by = Par
import-history-column-file = Fichier
import-history-column-outcome = Résultat
import-history-column-changes = Changements

# La liste des élèves
students-lead = { $total } { $total ->
    [one] élève
   *[other] élèves
}, dont { $linked } { $linked ->
    [one] rattaché
   *[other] rattachés
} par le Médiacentre
students-import = Importer une liste à jour
students-export-all = Exporter tous les élèves
students-export-shown = Exporter cette liste
students-running-title = Un import est en cours
students-running-link = Voir où il en est
students-pending-title = { $count ->
    [one] Un élève attend votre réponse
   *[other] { $count } élèves attendent votre réponse
}
students-pending-link = { $count ->
    [one] Vérifier sa demande
   *[other] Vérifier leurs demandes
}
students-undo-title = Le dernier import peut être annulé
students-undo-text = { $text } Possible jusqu’au { $until }.
students-undo = Annuler le dernier import
students-classes-title = Classe par classe
students-classes-note = Combien sont rattachés, qui n’est pas encore venu
students-class-meter = Élèves rattachés en { $class }
students-class-never-came = { $count ->
    [one] { $count } pas encore venu
   *[other] { $count } pas encore venus
}<span class="visually-hidden">, en { $class }</span>
students-class-all-came = Tous sont venus
students-filter-name = Filtrer les élèves
students-filter-search = Nom ou prénom
students-filter-division = Classe
students-filter-connection = Connexion
students-filter-submit = Filtrer
students-filter-all = Tout afficher
students-nobody-title = Aucun élève ne correspond
students-nobody = Essayez avec moins de lettres, ou une autre classe. Les accents et l’ordre des mots ne comptent pas.
students-nobody-all = Afficher tous les élèves
students-caption = Liste des élèves
students-shown-any = { $count } { $count ->
    [one] élève
   *[other] élèves
}
students-shown-linked = { $count } { $count ->
    [one] élève rattaché
   *[other] élèves rattachés
}
students-shown-not_linked = { $count ->
    [one] { $count } élève n’est pas encore venu
   *[other] { $count } élèves ne sont pas encore venus
}
students-shown-not_linked-note = Donnez-leur le code d’un parcours : ils viendront par le Médiacentre.
students-shown-to_check = { $count } { $count ->
    [one] élève à vérifier
   *[other] élèves à vérifier
}
students-shown-of-class = { $class } : { $who }
students-shown-searched = Recherche « { $search } » · { $who }
students-all-came = Tous les élèves sont venus
students-all-came-text = Chacun est rattaché, ou sa demande est à vérifier.
students-column-linked-since = Depuis le
students-column-born = Né(e) le
students-history = Historique des imports

# Un élève
student-source-title = Dans { $system }
student-born = Né(e) le
student-ine-none = pas encore attribué
student-left = Parti le
student-error = Une erreur ? Corrigez-la dans { $system }, puis importez une liste à jour.
student-link-title = Rattachement
student-link-account = Compte du Médiacentre
student-link-divisions = Classe (Médiacentre)
student-link-since = Rattaché depuis le
student-link-signed-in = Dernière connexion
student-move-back-text = Ce rattachement vient d’un autre compte du même élève. Si c’était une erreur, rendez-le à l’ancien compte.
student-move-back = Rendre le rattachement à l’ancien compte
student-unlink-title = Défaire le rattachement
student-unlink-text = À faire seulement si le compte est celui d’un autre élève. Il pourra se rattacher de nouveau.
student-unlink-reason = Pourquoi ?
student-unlink-reason-hint = La raison est gardée dans l’historique.
student-not-linked = Cet élève n’est pas encore rattaché. Donnez-lui le code d’un parcours : il entre par le Médiacentre, vérifie son nom et ajoute sa date de naissance.
student-not-linked-link = Voir les codes des parcours
student-campaigns-title = Ses parcours
student-campaign = <a href="{ $url }">{ $title }</a>, le { $entered_on }
student-data-title = Données personnelles
student-data-text = Si sa famille les demande : tout ce que Pix Orga conserve de cet élève, dans un fichier JSON. Ou l’effacement de tout.
student-data-export = Télécharger ses données
student-erase = Effacer cet élève

# Effacer un élève
erase-title = Effacer { $name } ?
erase-back = Fiche de l’élève
erase-lead = Tout ceci est effacé, sans retour possible :
erase-row = sa fiche dans la liste des élèves, et ses rattachements passés et présent ;
erase-account = le compte du Médiacentre qui lui est rattaché, sauf si un autre établissement s’en sert ;
erase-done = ses parcours, ses demandes et ses essais dans votre établissement ;
erase-remarks = les remarques d’imports qui le nomment.
erase-then = Le dernier import ne pourra plus être annulé. Le journal garde qu’un élève a été effacé, et par qui, sans le nommer.
erase-source = Si cet élève est encore dans { $system }, le prochain import l’ajoutera de nouveau. Corrigez d’abord { $system }.

# Les demandes à vérifier
requests-lead = Ces élèves sont entrés par le Médiacentre et n’ont pas été reconnus. Chacun est comparé à votre liste d’aujourd’hui : un élève importé depuis sa demande y apparaît.
requests-none-title = Aucune demande en attente
requests-none = Quand un élève n’est pas reconnu, sa demande apparaît ici.
requests-order = De la plus ancienne à la plus récente
requests-column-student = Élève (Médiacentre)
requests-column-campaign = Parcours
requests-column-asked = Demandé le
requests-column-near = Dans votre liste
requests-likely-exact = Mêmes noms, même date
requests-likely-linked = Rattaché à un autre compte
requests-likely-close = À comparer
requests-likely-nobody = Personne
requests-likely-others = et { $count } { $count ->
    [one] autre élève proche
   *[other] autres élèves proches
}

requests-moves-title = { $count ->
    [one] Un élève semble avoir changé d’identifiant
   *[other] { $count } élèves semblent avoir changé d’identifiant
}
requests-moves-text = Les noms, la date de naissance et la classe sont ceux d’un élève déjà rattaché à un autre compte. C’est ce qui arrive quand l’ENT change.
requests-moves-link = { $count ->
    [one] Voir ce changement
   *[other] Les traiter ensemble
}

# Plusieurs demandes à la fois
moves-title = Élèves qui ont changé d’identifiant
moves-lead = Quand l’ENT change, chaque élève revient avec un nouveau compte. Dans ces demandes tout concorde : les noms, la date de naissance et la classe.
moves-safe = Cochez les élèves dont le rattachement passe au nouveau compte. Rien n’est fait avant votre confirmation.
moves-none-title = Aucun changement de ce genre
moves-none = Les autres demandes se regardent une par une.
moves-none-back = Voir les demandes
moves-member-title = Un administrateur doit trancher
moves-member = Passer un rattachement à un autre compte demande le rôle d’administrateur. Montrez-lui cette page.
moves-tick = { $count ->
    [one] Cocher le seul qui est sûr
   *[other] Cocher les { $count } qui sont sûrs
}
moves-untick = Tout décocher
moves-submit = Vérifier mon choix
moves-caption = { $count ->
    [one] Un élève concerné
   *[other] { $count } élèves concernés
}
moves-column-student = Élève de votre liste
moves-column-new = Nouveau compte
moves-column-former = Ancien compte
moves-new-seen = Demande du { $asked_on }, vu le { $signed_in_on }
moves-former-seen = Vu le { $signed_in_on }
moves-caution-seen_since = A servi depuis la demande
moves-caution-other_names = Noms différents
moves-look = Regarder<span class="visually-hidden"> la demande de { $last_name } { $first_name }</span>
moves-others = { $count ->
    [one] Un autre élève viendra ici quand ceux-ci seront traités.
   *[other] { $count } autres élèves viendront ici quand ceux-ci seront traités.
}
moves-back = Revenir aux demandes

# Le choix, en chiffres
moves-confirm-title = Vérifiez avant de confirmer
moves-confirm-count = { $count ->
    [one] Un rattachement passe au nouveau compte
   *[other] { $count } rattachements passent aux nouveaux comptes
}
moves-confirm-class = en { $division }
moves-confirm-no-class = sans classe
moves-confirm-new = Le nouveau compte reprend tout ce que l’ancien a commencé.
moves-confirm-former = L’ancien compte n’est plus rattaché à l’élève.
moves-confirm-undo = Chaque passage peut être défait pendant 30 jours, depuis la page de l’élève.
moves-confirm-left-out-title = { $count ->
    [one] Un élève coché n’est plus proposé
   *[other] { $count } élèves cochés ne sont plus proposés
}
moves-confirm-left-out = Leur demande ou leur rattachement a changé entre-temps : ils ne sont pas touchés.
moves-confirm-submit = { $count ->
    [one] Confirmer ce passage
   *[other] Confirmer les { $count } passages
}
moves-confirm-back = Changer mon choix

# Ce qui a été fait
moves-done-title = Rattachements passés aux nouveaux comptes
moves-done-moved = { $count ->
    [one] Un rattachement est passé au nouveau compte
   *[other] { $count } rattachements sont passés aux nouveaux comptes
}
moves-done-undo = Chacun peut être rendu à l’ancien compte pendant 30 jours, depuis la page de l’élève.
moves-done-not-tried-title = { $count ->
    [one] Un élève n’a pas été traité
   *[other] { $count } élèves n’ont pas été traités
}
moves-done-not-tried = Pix Orga ne répondait plus. Rien n’est à moitié fait : attendez une minute et recommencez pour eux.
moves-done-again = Recommencer
moves-done-refused = { $count ->
    [one] Un élève n’a pas été touché
   *[other] { $count } élèves n’ont pas été touchés
}
moves-done-refused-note = Les autres sont faits
moves-done-why = Pourquoi
moves-done-unknown = Demande inconnue
moves-done-back = Voir les demandes qui restent

# Une demande
request-heading = Demande de { $first_name } { $last_name }
request-known-title = Ce que nous savons
request-known-name = Nom (Médiacentre)
request-known-division = Classe (Médiacentre)
request-known-birthdate = Date de naissance tapée
request-known-campaign = Parcours
request-known-archived = Ce parcours est archivé : l’élève sera rattaché, sans y entrer.
request-known-asked = Demandé le
request-who-title = Qui est-ce dans votre liste ?
request-search-nobody = Votre recherche ne trouve personne.
request-nobody = Aucun élève de la liste ne lui ressemble.
request-nobody-next = Il manque peut-être au fichier { $system } : vérifiez, puis importez une liste à jour.
request-choose = Choisissez l’élève, après vérification avec lui
request-candidate = <strong>{ $last_name } { $first_name }</strong>, né(e) le { $birthdate }
request-candidate-of-class = <strong>{ $last_name } { $first_name }</strong>, { $division }, né(e) le { $birthdate }
request-candidate-record = Fiche nº { $number }, { $ine ->
    [known] avec un INE
   *[none] sans INE
}.
request-candidate-linked = Déjà rattaché à un autre compte.
request-link = Rattacher { $first_name } à cet élève
request-search-name = Chercher un élève de la liste
request-search = Chercher quelqu’un d’autre dans la liste
request-search-submit = Chercher
request-move-title = Le même élève, avec un nouvel identifiant ?
request-move-text = Un élève qui change d’ENT revient avec un autre compte. L’ancien compte garde le rattachement jusqu’à ce qu’un administrateur le passe au nouveau.
request-move-account = Rattaché au compte de { $account }, vu le { $signed_in_on }.
request-move = C’est le même élève : rattacher son nouveau compte<span class="visually-hidden"> à { $last_name } { $first_name }</span>
request-move-administrator = Demandez à un administrateur de trancher.
request-refuse-title = Personne de votre établissement ?
request-refuse-text = L’élève lira que vous ne l’avez pas retrouvé, et viendra vous voir.
request-refuse = Ce n’est pas un élève de l’établissement
