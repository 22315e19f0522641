# Pages des élèves, dès onze ans : « tu », phrases courtes, une chose à la fois.

# Ce qui est dit autrement à un élève qu'à un adulte
pupil-campaign_not_found = Aucun parcours n’a ce code. Vérifie-le avec ton enseignant.
pupil-campaign_not_found-title = Code inconnu
pupil-campaign_archived = Ce parcours est terminé. Demande à ton enseignant le code du nouveau.
pupil-campaign_archived-title = Parcours terminé
pupil-gar_not_configured = L’entrée par le Médiacentre ne marche pas encore ici. Préviens ton enseignant.
pupil-gar_not_configured-title = Le Médiacentre n’est pas relié
