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
