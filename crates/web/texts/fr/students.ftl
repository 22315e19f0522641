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
student-field-eleve_id = Numéro SIECLE

# Import : le fichier
file-refused-title = Ce fichier ne peut pas être importé
file-empty_file-title = Ce fichier est vide
file-too_large-title = Ce fichier est trop volumineux
file-zip_unreadable-title = Cette archive est abîmée
file-zip_encrypted-title = Cette archive est protégée par un mot de passe
file-zip_without_roster-title = Cette archive ne contient pas la liste des élèves
file-zip_ambiguous-title = Cette archive contient plusieurs listes
file-malformed_xml-title = Ce fichier est abîmé
file-wrong_export-title = Ce n’est pas le bon export
file-not_siecle-title = Ce n’est pas un export de SIECLE
file-uai_missing-title = Ce fichier ne dit pas de quel établissement il vient
file-uai_mismatch-title = Ce fichier vient d’un autre établissement
file-no_student-title = Ce fichier ne contient aucun élève à importer
file-import_in_progress-title = Un import est déjà en cours
file-roster_already_imported-title = La liste a déjà été importée
demo-file-first = La liste de rentrée (600 élèves)
demo-file-next = L’export suivant : arrivées, départs, changements et un nom abîmé
demo-file-wrong = Les fichiers qu’on envoie par erreur

# Import : les étapes
import-phase-received = Fichier reçu
import-phase-received-count = { $count } ko
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
plan-returning-note = Retrouve sa fiche et son compte
plan-leaving-absent = Absent du fichier
plan-leaving-left = Parti, d’après SIECLE
plan-leaving-inactive = Dans la division « Inactifs »
plan-added = Ajouté
plan-updated = Modifié
plan-returning = De retour
plan-leaving = Partant
plan-rejected = Refusé
plan-set_aside = Laissé de côté
plan-warning = Remarque
plan-csv-header = Quoi;Nom;Prénom;Né(e) le ou ligne du fichier;Classe;Précision

# Import : une fois fini
import-report-written-title = La liste des élèves est chargée
import-report-written = L’import est terminé.
import-report-nothing_to_do-title = La liste est déjà à jour
import-report-nothing_to_do = Ce fichier ne change rien à la liste des élèves.
import-report-refused-title = Ce fichier n’a pas été importé
import-report-failed-title = L’import n’a pas abouti
import-report-abandoned-title = Import abandonné
import-report-abandoned = Rien n’a changé dans la liste. Le fichier est effacé.
import-report-undone-title = Import annulé
import-report-undone = La liste est revenue à ce qu’elle était avant cet import.
import-failed-reading_failed = La lecture du fichier a été interrompue. Rien n’a changé : envoyez-le de nouveau.
import-failed-too_many_attempts = La lecture du fichier a été interrompue plusieurs fois. Rien n’a changé : prévenez l’assistance si cela se reproduit.
import-failed-file_gone = Le fichier a été effacé avant la fin de l’import. Rien n’a changé : envoyez-le de nouveau.
import-outcome-received = En cours
import-outcome-checked = En cours
import-outcome-compared = En cours
import-outcome-waiting = À confirmer
import-outcome-written = Appliqué
import-outcome-nothing_to_do = Rien à changer
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

# Rattachement : demandes et élève
student-title = Élève
requests-title = Demandes à vérifier
request-title = Demande à vérifier
near-same_names = Mêmes noms, même date de naissance.
near-names_swapped = Même date de naissance ; nom et prénom échangés.
near-names_close = Même date de naissance ; noms qui se ressemblent.
near-day_month_swapped = Noms qui concordent ; jour et mois de naissance échangés.
near-one_digit_off = Noms qui concordent ; un chiffre de la date de naissance diffère.
near-surname_only = Même nom, même date de naissance, autre prénom : peut-être son jumeau ou sa jumelle.
near-searched = Trouvé par votre recherche : vérifiez bien son nom et sa date de naissance.
flash-request-approved = L’élève est rattaché. Il peut reprendre son parcours.
flash-request-refused = La demande est refusée. L’élève n’est rattaché à personne.
flash-link-moved = Le rattachement est passé au nouveau compte. Vous pouvez revenir en arrière pendant 30 jours, depuis la page de l’élève.
flash-link-moved-back = Le rattachement est rendu à l’ancien compte.
flash-unlinked = Le rattachement est défait. L’élève peut se rattacher de nouveau.
