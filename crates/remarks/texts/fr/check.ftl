# Ce que répond « pix-orga roster check » en texte.

check-accepted = Fichier accepté.
check-refused = Fichier refusé ({ $code }).

## Le fichier

fact-uai = Établissement : { $value }
fact-school_year = Année scolaire : { $value }
fact-exported_on = Exporté le : { $value }
fact-encoding = Encodage : { $value }
fact-version = Version : { $value }

## Combien

count-students = { $count ->
    [one] { $count } élève à importer
   *[other] { $count } élèves à importer
}
count-rejected = { $count ->
    [one] { $count } élève à corriger
   *[other] { $count } élèves à corriger
}
count-set_aside = { $count ->
    [one] { $count } élève laissé de côté
   *[other] { $count } élèves laissés de côté
}
count-warnings = { $count ->
    [one] { $count } point à savoir
   *[other] { $count } points à savoir
}

## Les remarques

check-group = { $title } ({ $code }) : { $count }
check-line = ligne { $line } : { $sentence }
check-more = … et { $count } de plus (« --format json » les donne tous)
check-next-sound = Ce fichier peut être importé tel quel.
check-next-rejected = Les autres élèves peuvent être importés dès maintenant. Pour les élèves à corriger, complétez leur fiche dans { $system }, puis importez un nouvel export.

title-eleve_id_missing = À corriger, sans numéro interne
title-eleve_id_duplicate = À corriger, numéro interne partagé
title-ine_duplicate = À corriger, INE partagé
title-last_name_missing = À corriger, sans nom de famille
title-first_name_missing = À corriger, sans prénom
title-birthdate_missing = À corriger, sans date de naissance
title-birthdate_invalid = À corriger, date de naissance impossible
title-accents_lost = À corriger, accents perdus
title-row_shape = À corriger, ligne mal découpée
title-identity_conflict = À corriger, identité en conflit avec la liste
title-ine_missing = À savoir, sans INE
title-ine_shape = À savoir, INE mal formé
title-sex_unknown = À savoir, sexe inconnu
title-leave_date_unreadable = À savoir, date de sortie illisible
title-leave_date_missing = À savoir, motif de sortie sans date
title-several_divisions = À savoir, plusieurs classes
title-name_repaired = À savoir, nom réparé
title-encoding_mismatch = À savoir, encodage du fichier
title-dates_rewritten = À savoir, dates récrites
title-addresses_dropped = À savoir, adresses non gardées
title-school_year_unexpected = À savoir, année scolaire inattendue
title-entered_twice = À savoir, peut-être entré deux fois
title-left = Laissés de côté, partis
title-no_division = Laissés de côté, sans classe
title-inactive = Laissés de côté, inactifs
