# Parcours, pour l’équipe
campaigns-title = Parcours
campaigns-new = Créer un parcours
campaigns-edit = Modifier le parcours
campaign-pager = { $first } à { $last } sur { $total } { $total ->
    [one] participant
   *[other] participants
}
flash-campaign-created = Le parcours est créé. Donnez son code à vos élèves.
flash-campaign-edited = Le parcours est modifié.
flash-campaign-archived = Le parcours est archivé. Les élèves n’y entrent plus.
flash-campaign-reopened = Le parcours est rouvert. Le même code sert de nouveau.

# La liste des parcours
campaigns-lead = Un code par parcours : vos élèves le tapent après être passés par le Médiacentre.
campaigns-tabs = Parcours par état
campaigns-tab-active = En cours ({ $active_count })
campaigns-tab-archived = Archivés ({ $archived_count })
campaigns-none-archived-title = Aucun parcours archivé
campaigns-none-archived = Un parcours terminé peut être archivé : ses élèves n’y entrent plus, ses participants restent visibles.
campaigns-none-title = Aucun parcours pour le moment
campaigns-none = Créez un parcours, donnez son code à la classe : chaque élève se rattache en y entrant.
campaigns-none-create = Créer le premier parcours
campaigns-caption = Parcours de l’établissement
campaigns-column-title = Titre
campaigns-column-code = Code
campaigns-column-owner = Créé par
campaigns-column-created = Créé le
campaigns-column-participants = Participants

# Créer ou modifier un parcours
campaign-form-back = Parcours
campaign-form-title = Titre
campaign-form-title-hint = Vos élèves le verront. Par exemple : Rentrée numérique, 6e.
campaign-form-introduction = Introduction
campaign-form-introduction-hint = Une ou deux phrases pour vos élèves.
campaign-form-destination = Adresse où l’élève continue
campaign-form-destination-hint = Commence par https://. Sans adresse, l’élève lit « Tu es bien inscrit » et attend votre signal.
campaign-form-create = Créer le parcours
campaign-form-edit = Enregistrer les changements
campaign-form-create-back = Renoncer
campaign-form-edit-back = Ne rien changer

# Un parcours
campaign-back = Parcours
campaign-created = Créé par { $owner } le { $created_on }
campaign-archived = Archivé
campaign-reopen = Rouvrir
campaign-edit = Modifier
campaign-archive = Archiver
campaign-archived-title = Ce parcours est archivé
campaign-archived-text = Les élèves ne peuvent plus y entrer. Les participants restent visibles.
campaign-give-title = À donner aux élèves
campaign-code = Le code
campaign-code-copy = Copier le code
campaign-link = Ou le lien direct
campaign-link-copy = Copier le lien
campaign-give-text = L’élève ouvre le Médiacentre de son ENT, clique sur Pix, puis tape le code. La première fois, il vérifie son nom et ajoute sa date de naissance.
campaign-seen-title = Ce que voient les élèves
campaign-introduction = Introduction
campaign-destination = L’élève continue sur
campaign-none-title = Personne n’est encore entré
campaign-none = Donnez le code à la classe. Les élèves apparaîtront ici au fur et à mesure.
campaign-left-shown = { $count ->
    [one] Un participant a quitté l’établissement.
   *[other] { $count } participants ont quitté l’établissement.
}
campaign-left-hide = { $count ->
    [one] Le masquer
   *[other] Les masquer
}
campaign-left-hidden = { $count ->
    [one] Un participant a quitté l’établissement : il est masqué.
   *[other] { $count } participants ont quitté l’établissement : ils sont masqués.
}
campaign-left-show = { $count ->
    [one] Le montrer
   *[other] Les montrer
}
campaign-all-left-title = Personne d’autre
campaign-all-left = Tous les participants ont quitté l’établissement.
campaign-participant-left = Parti le { $left_on }
campaign-participants = Participants
campaign-participants-order = Du plus récent au plus ancien
campaign-column-last-name = Nom
campaign-column-first-name = Prénom
campaign-column-division = Classe
campaign-column-entered = Entré le
