# Ce qui est dit d’un élève d’un fichier, et d’un fichier refusé.
#
# « remark-CODE » parle d’un élève ou du fichier, « refusal-CODE » refuse le fichier entier. « $case » dit le cas, quand
# un code en a plusieurs. Partout : « $who » est l’élève, « $line » et « $column » une place, « $system » SIECLE ou
# Fregata, « $source » le même pour choisir (siecle, fregata), « $how » ce qu’il faut faire pour avoir le bon fichier.

## L’élève

who-named = { $first_name } { $last_name }
who-number = L’élève nº { $eleve_id }
who-line = L’élève de la ligne { $line }
who-in-class = { $who } ({ $division })

## Le bon fichier

how-siecle = Dans SIECLE, ouvrez « Exportations », « En XML », « Élèves sans adresse », puis déposez le fichier reçu, sans l’ouvrir.
how-fregata = Dans Fregata, exportez la liste des élèves au format CSV, puis déposez le fichier reçu, sans l’ouvrir.

## Laissés de côté

remark-left = { $case ->
    [dated] { $who } a quitté l’établissement le { $day } : rien à faire.
   *[undated] { $who } a quitté l’établissement : rien à faire.
}
remark-no_division = { $who } n’a pas de classe dans { $system } : si c’est un oubli, saisissez-la et refaites l’export{ $source ->
    [fregata] {""}
   *[siecle] { " " }le lendemain
}.
remark-inactive = { $who } est en division « Inactifs », donc absent de l’établissement : rien à faire.

## À corriger

remark-eleve_id_missing = { $source ->
    [fregata] { $who } n’a pas d’identifiant (colonne « Identifiant unique ») : complétez sa fiche dans { $system }, puis refaites l’export.
   *[siecle] { $who } n’a pas de numéro interne (ELEVE_ID), on ne peut donc pas connaître sa classe : refaites l’export dans { $system }.
}
remark-eleve_id_duplicate = { $who } a le même { $source ->
    [fregata] identifiant
   *[siecle] numéro interne (ELEVE_ID)
} qu’un autre élève ({ $count } élèves, lignes { $lines }{ $more ->
    [0] {""}
   *[other] …
}) : { $source ->
    [fregata] corrigez-le dans { $system }, puis refaites l’export
   *[siecle] refaites l’export dans { $system }
}.
remark-ine_duplicate = { $who } a le même INE ({ $ine }) qu’un autre élève ({ $count } élèves, lignes { $lines }{ $more ->
    [0] {""}
   *[other] …
}) : corrigez l’INE dans { $system }, puis refaites l’export.
remark-last_name_missing = { $who } n’a pas de nom de famille : complétez sa fiche dans { $system }, puis refaites l’export.
remark-first_name_missing = { $who } n’a pas de prénom : complétez sa fiche dans { $system }, puis refaites l’export.
remark-birthdate_missing = { $who } n’a pas de date de naissance : complétez sa fiche dans { $system }, puis refaites l’export.
remark-birthdate_invalid = { $case ->
    [future] { $who } a pour date de naissance « { $day } » (ce jour est à venir) : corrigez sa fiche dans { $system }, puis refaites l’export.
    [too_old] { $who } a pour date de naissance « { $day } » (ce jour est avant 1900) : corrigez sa fiche dans { $system }, puis refaites l’export.
    [month_first] { $who } a pour date de naissance « { $written } », mais ce fichier écrit parfois le mois avant le jour : refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir.
   *[unreadable] { $who } a pour date de naissance « { $written } » (ce n’est pas un jour écrit jj/mm/aaaa) : corrigez sa fiche dans { $system }, puis refaites l’export.
}
remark-accents_lost = { $who } a perdu des accents : on ne peut pas savoir quelles lettres manquent. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir.
remark-row_shape = { $case ->
    [rounded] { $who } a un identifiant qu’un tableur a arrondi (« { $written } ») : refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
    [number] { $who } a un identifiant trop long pour en être un (« { $written } ») : corrigez sa fiche dans { $system }, puis refaites l’export.
   *[cells] { $who } : sa ligne a { $count ->
        [one] { $count } colonne
       *[other] { $count } colonnes
    } et l’en-tête en a { $expected }, ses informations ne sont donc pas sous les bons titres. Cherchez un point-virgule dans sa fiche, retirez-le dans { $system }, puis refaites l’export.
}
remark-identity_conflict = { $case ->
    [number_alone] Le numéro { $system } de { $who } est, dans la liste, celui de { $other } (nº { $other_number }), et ni leurs noms ni leurs dates de naissance ne concordent.
    [perhaps_twin] L’INE de { $who } est, dans la liste, celui de { $other } (nº { $other_number }), né le même jour sous le même nom, avec un autre prénom : peut-être un jumeau ou une jumelle.
    [between_two] { $who } a, dans la liste, le numéro { $system } de { $other } (nº { $other_number }) et l’INE de { $second } (nº { $second_number }) : rien ne dit lequel des deux.
    [contested] { $who } et un autre élève du fichier peuvent être { $other } (nº { $other_number }) de la liste : l’un a son numéro { $system }, l’autre son INE.
   *[number_twice] Le numéro { $system } ou l’INE de { $who } est aussi celui d’un autre élève du fichier.
} Vérifiez ces fiches dans { $system } : noms, date de naissance, INE. Corrigez ce qui est faux, puis refaites l’export. Si tout y est juste, c’est la liste qui se trompe : ouvrez-y la fiche qui a ce numéro ou cet INE, choisissez « Effacer cet élève », puis importez de nouveau.

## À savoir

remark-ine_missing = { $case ->
    [elsewhere] { $who } n’a pas d’INE à sa place habituelle (ID_NATIONAL) : le fichier a un numéro dans « { $field } », qui n’est pas lu. Il n’y a rien à faire : l’élève est reconnu par son numéro { $system }, et l’INE viendra avec un prochain export.
   *[none] { $who } n’a pas encore d’INE : rien à faire, il viendra avec un prochain export.
}
remark-ine_shape = { $source ->
    [fregata] { $who } a un identifiant qui n’est pas un INE (« { $written } ») : il est gardé comme numéro, mais un autre établissement ne le reconnaîtrait pas. Vérifiez sa fiche dans { $system }.
   *[siecle] { $who } a un INE mal formé (« { $written } »), qui n’a pas été gardé : vérifiez sa fiche dans { $system }.
}
remark-sex_unknown = { $who } n’a pas de sexe connu ({ $source ->
    [fregata] colonne « Code sexe »
   *[siecle] CODE_SEXE 1 ou 2
}) : vérifiez sa fiche dans { $system }.
remark-leave_date_unreadable = { $who } a une date de sortie illisible (« { $written } »), qui n’a pas été prise en compte : vérifiez sa fiche dans { $system }.
remark-leave_date_missing = { $who } a un motif de sortie, mais pas de date de sortie : l’élève reste dans la liste. Si l’élève est parti, saisissez la date dans { $system }, puis refaites l’export.
remark-several_divisions = { $who } a plusieurs classes ({ $divisions }) : { $kept } est gardée. Vérifiez sa classe dans { $system }.
remark-name_repaired = { $who } : le nom abîmé « { $damaged } » a été lu « { $sound } ». Vérifiez-le, et corrigez-le dans { $system } s’il y est abîmé aussi.
remark-encoding_mismatch = Le fichier annonce l’encodage « { $declared } », mais il a été lu en { $used } : vérifiez les accents de quelques noms. Pour l’éviter, déposez le fichier de { $system } sans l’ouvrir ni l’enregistrer.
remark-dates_rewritten = { $case ->
    [read] { $count ->
        [one] Une date n’est pas écrite comme { $system } l’écrit (elle est sous la forme « { $form } »)
       *[other] { $count } dates ne sont pas écrites comme { $system } les écrit (la première est sous la forme « { $form } »)
    } : un tableur ou un autre outil a sans doute enregistré ce fichier. { $count ->
        [one] Elle a été lue.
       *[other] Elles ont été lues.
    } La prochaine fois, déposez le fichier de { $system } sans l’ouvrir ni l’enregistrer.
    [month_first] Ce fichier écrit le mois avant le jour ({ $count ->
        [one] une date ne peut se lire autrement
       *[other] { $count } dates ne peuvent se lire autrement
    }) : un tableur réglé dans une autre langue l’a sans doute enregistré. Aucune de ses dates n’a été lue, pour ne pas confondre le jour et le mois. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
   *[unreadable] { $count ->
        [one] Une date est écrite comme l’écrit un tableur, et ne peut pas être lue
       *[other] { $count } dates sont écrites comme les écrit un tableur, et ne peuvent pas être lues
    } sans se tromper de jour : un tableur a sans doute enregistré ce fichier. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
}
remark-addresses_dropped = Le fichier contient des adresses postales : elles n’ont pas été gardées. La prochaine fois, choisissez « Élèves sans adresse » dans { $system }.
remark-school_year_unexpected = Le fichier est celui de l’année scolaire { $year }, alors que l’année en cours est { $expected } : vérifiez l’année choisie dans { $system } avant l’export.
remark-entered_twice = { $case ->
    [in_file] { $who }, nº { $number }, a les mêmes noms et la même date de naissance que { $other }, nº { $other_number }, à la ligne { $other_line } : peut-être le même élève, entré deux fois. Vérifiez dans { $system }. Si c’est lui, gardez une seule fiche, puis refaites l’export.
    [leaving] { $who }, nº { $number }, a les mêmes noms et la même date de naissance que { $other }, nº { $other_number }, que le fichier n’a plus : peut-être le même élève, avec une nouvelle fiche. Vérifiez dans { $system }. Si c’est lui, son rattachement ne le suit pas : il se rattachera de nouveau.
   *[left] { $who }, nº { $number }, a les mêmes noms et la même date de naissance que { $other }, nº { $other_number }, qui avait quitté l’établissement : peut-être le même élève, de retour avec une nouvelle fiche. Vérifiez dans { $system }. Si c’est lui, son rattachement ne le suit pas : il se rattachera de nouveau.
}

## Fichiers refusés

refusal-empty_file = Ce fichier est vide. { $how }
refusal-too_large = Ce fichier est trop gros pour être une liste d’élèves : { $case ->
    [upload] il dépasse { $mebibytes } Mo
    [content] son contenu dépasse { $mebibytes } Mo
    [members] l’archive contient plus de { $max } fichiers
    [students] il contient plus de { $max } élèves
    [tags] il contient trop de balises
    [depth] ses éléments sont imbriqués trop profondément
    [attributes] un de ses éléments a trop d’attributs
    [namespaces] il déclare trop d’espaces de noms
    [cells] il contient plus de { $max } cases
   *[elements] il contient trop d’éléments
}. Vérifiez qu’il s’agit bien de l’export { $source ->
    [fregata] des élèves
   *[siecle] « Élèves sans adresse »
} de { $system }.
refusal-zip_method_unsupported = La liste est compressée par une méthode qui n’est pas lue ici ({ $method }). Enregistrez le fichier tel que { $system } le donne : refaites l’export et déposez le fichier reçu, sans l’ouvrir ni le recompresser.
refusal-zip_unreadable = { $case ->
    [cut_short] Cette archive est incomplète : le téléchargement a sans doute été interrompu, ou c’est le premier morceau d’une archive découpée en plusieurs. Refaites l’export dans { $system } et attendez la fin du téléchargement avant de déposer le fichier.
    [volume] Ce fichier est un morceau d’une archive découpée en plusieurs : les autres manquent. Déposez le fichier reçu de { $system } tel quel, sans le découper ni le recompresser.
   *[damaged] Cette archive est abîmée et ne peut pas être ouverte. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni le recompresser.
}
refusal-zip_encrypted = Cette archive est protégée par un mot de passe. Déposez le fichier reçu de { $system } tel quel, sans mot de passe.
refusal-zip_without_roster = { $case ->
    [archive_within] Cette archive contient une autre archive (« { $name } ») et pas de liste d’élèves. Ouvrez-la et déposez l’archive qu’elle contient, ou mieux le fichier reçu de { $system }, tel quel.
   *[none] Cette archive ne contient pas de liste d’élèves. { $how }
}
refusal-zip_ambiguous = Cette archive contient plusieurs listes d’élèves, et on ne peut pas savoir laquelle est la bonne. Déposez une seule liste, dans une archive ou en { $source ->
    [fregata] CSV
   *[siecle] XML
}.
refusal-unsupported_encoding = Ce fichier annonce un encodage inconnu (« { $label } »). Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
refusal-doctype_forbidden = Ce fichier contient une déclaration « DOCTYPE » (ligne { $line }), que { $system } n’écrit jamais : il est refusé par sécurité. { $how }
refusal-malformed_xml = { $case ->
    [cut_short] Ce fichier est incomplet : il s’arrête à la ligne { $line }, colonne { $column }, avant la fin de la liste. Le téléchargement a sans doute été interrompu : refaites l’export dans { $system }.
   *[damaged] Ce fichier est abîmé : le XML est incorrect à la ligne { $line }, colonne { $column }. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
}
refusal-malformed_csv = { $case ->
    [cut_short] Ce fichier est incomplet : il s’arrête au milieu de la ligne { $line }. Le téléchargement a sans doute été interrompu : refaites l’export dans { $system }.
   *[quotes] Ce fichier est abîmé : à partir de la ligne { $line }, des guillemets ne se ferment pas où il faut, et la suite ne peut pas être lue. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
}
refusal-columns_missing = Il manque à ce fichier { $columns }. Refaites l’export des élèves dans { $system } et déposez le fichier reçu, sans retirer ni renommer de colonnes.
refusal-wrong_export = Ce fichier est { $case ->
    [siecle] un export de SIECLE, et votre établissement tient ses élèves dans Fregata
    [structures] l’export des structures (divisions et groupes), de racine { $root }
    [nomenclatures] l’export des nomenclatures, de racine { $root }
    [commun] l’export des paramètres communs, de racine { $root }
    [geographique] l’export des données géographiques, de racine { $root }
    [etablissement] l’export de l’établissement, de racine { $root }
    [etablissements] l’export des établissements, de racine { $root }
    [other_bee] un autre export de SIECLE, de racine { $root }
    [import_eleves] celui qu’un autre logiciel envoie à SIECLE pour y importer des élèves, de racine { $root }
    [sts_emp] l’export de STS-Web (« sts_emp », les enseignants et leurs services), de racine { $root }
    [edt_sts] l’export d’un logiciel d’emploi du temps pour STS-Web, de racine { $root }
    [class_list] la liste des élèves par division que SIECLE donne en CSV
    [extraction] une extraction personnalisée de SIECLE, en CSV
    [excel_complete] le classeur « ElevesComplete » de SIECLE
    [fregata] un export de Fregata, et votre établissement tient ses élèves dans SIECLE
   *[responsables] l’export des responsables (les parents), de racine { $root }
}{ $case ->
    [siecle] .
    [fregata] .
   *[responsables] {" "}: ce n’est pas l’export des élèves.
} { $how }
refusal-not_siecle = Ce fichier n’est pas un export de { $system } : c’est { $case ->
    [web_page] une page web (souvent une page de connexion, enregistrée à la place du fichier)
    [office] un classeur de tableur, ou un autre document de bureautique
    [office_xml] un classeur de tableur, ou un autre document de bureautique, enregistré en XML
    [pdf] un document PDF
    [word_processor] un document de traitement de texte
    [seven_zip] une archive 7z, or seules les archives zip sont lues
    [rar] une archive RAR, or seules les archives zip sont lues
    [gzip] une archive gzip, or seules les archives zip sont lues
    [bzip2] une archive bzip2, or seules les archives zip sont lues
    [xz] une archive xz, or seules les archives zip sont lues
    [zstd] une archive Zstandard, or seules les archives zip sont lues
    [tar] une archive tar, or seules les archives zip sont lues
    [other_archive] une archive d’un autre format, or seules les archives zip sont lues
    [image] une image
    [news_feed] un flux d’actualités
    [columns] { $source ->
        [fregata] un tableau qui n’a pas les colonnes de { $system }
       *[siecle] du texte en colonnes, comme en enregistre un tableur
    }
    [text] { $source ->
        [fregata] du texte, et non un tableau
       *[siecle] du texte, et non du XML
    }
    [compressed] un fichier compressé ou chiffré, peut-être un morceau d’une archive découpée en plusieurs
    [binary] un fichier qui n’est pas du texte, peut-être le morceau d’une archive découpée
   *[other_xml] un autre document XML, de racine « { $root } »
}. { $how }
refusal-uai_missing = Ce fichier ne dit pas de quel établissement il vient (code UAI absent), on ne peut donc pas vérifier qu’il est bien celui de l’établissement { $expected }. { $how }
refusal-uai_mismatch = { $case ->
    [other_school] Ce fichier est celui de l’établissement { $found_uai }, alors que vous êtes dans l’espace de l’établissement { $expected_uai }. Refaites l’export depuis la base { $system } de { $expected_uai }, ou changez d’espace.
    [former_uai] Ce fichier porte l’ancien code UAI de votre établissement, { $found_uai } : { $expected_uai } l’a remplacé. Refaites l’export depuis la base { $system } de { $expected_uai }. Si votre base porte encore l’ancien code, écrivez à l’assistance, qui peut le rétablir ici.
    [new_uai] Ce fichier porte le code UAI { $found_uai }. L’annuaire donne ce code à un établissement du même nom, dans la même commune que le vôtre ({ $expected_uai }). Si c’est votre nouveau code, écrivez à l’assistance : elle le remplacera, et votre espace gardera tout. Sinon, refaites l’export depuis la base { $system } de { $expected_uai }.
   *[no_uai] Ce fichier porte « { $found_uai } » à la place du code UAI de l’établissement { $expected_uai }. Refaites l’export depuis la base { $system } de { $expected_uai }.
}
refusal-accents_lost = Les accents de ce fichier ont été perdus quand un logiciel l’a enregistré de nouveau : { $count ->
    [one] un élève est touché
   *[other] { $count } élèves sont touchés
} ({ $pupils }{ $more ->
    [0] {""}
   *[other] …
}). On ne peut pas savoir quelles lettres manquent. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
pupil-on-line = { $who }, ligne { $line }
pupils-on-lines = { $count ->
    [one] ligne { $lines }
   *[other] lignes { $lines }
}
refusal-no_student = { $case ->
    [empty] Ce fichier ne contient aucun élève. { $how }
    [without_division] Aucun élève à importer dans ce fichier : { $counts }. { $source ->
        [fregata] Vérifiez les divisions dans { $system }, puis refaites l’export.
       *[siecle] Les classes saisies dans { $system } n’arrivent dans l’export que le lendemain : vérifiez-les, puis refaites l’export demain.
    }
    [dates] Aucun élève à importer dans ce fichier : { $counts }. Un tableur y a récrit les dates de naissance, et on ne peut pas les lire sans se tromper. Refaites l’export dans { $system } et déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.
   *[nobody] Aucun élève à importer dans ce fichier : { $counts }. Vérifiez la base dans { $system }, puis refaites l’export.
}
counted-left = { $count } ayant quitté l’établissement
counted-no_division = { $count } sans classe
counted-inactive = { $count } en division « Inactifs »
counted-rejected = { $count } à corriger dans { $system }
