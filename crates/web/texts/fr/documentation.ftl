# Documentation, dans l’espace de l’établissement.

# Le guide
doc-title = Documentation
doc-lead = De l’invitation au premier parcours, en quatre étapes
doc-print = Imprimer le guide
doc-contents = Dans cette page
doc-invitation-title = 1. Accepter l’invitation
doc-account-title = 2. Créer le compte
doc-import-title = 3. Importer les élèves
doc-team-title = 4. Ouvrir l’accès à l’équipe
doc-campaigns-title = Les parcours
doc-links-title = Le rattachement d’un élève
doc-help-title = Être aidé
doc-help-dane = Le numérique éducatif : <a href="{ $dane_url }">{ $dane_name }</a>
doc-help-dane-without-address = Le numérique éducatif : { $dane_name }
doc-invitation-text = Un message arrive dans la boîte officielle de l’établissement. La direction, ou le référent à qui elle le transmet, ouvre le lien et presse « Accepter l’invitation ». Cette personne devient administrateur de l’espace.
doc-invitation-time = Le lien est valable 30 jours. Passé ce délai, sa page propose d’en envoyer un nouveau. Si le message ne vient pas, la page <a href="/je-n-ai-rien-recu">« Je n’ai rien reçu »</a> en fait partir un autre, toujours vers la boîte officielle.
doc-account-text = Choisissez une adresse e-mail qui vous est propre, et un mot de passe de 12 caractères ou plus. Quelques mots qui se suivent conviennent très bien. Lisez ensuite les conditions d’utilisation et acceptez-les : l’espace s’ouvre.
doc-account-known = Vous avez déjà un compte Pix Orga pour un autre établissement ? Connectez-vous avec lui : vous passerez d’un établissement à l’autre.
doc-import-text = La liste vient de { $system }. La direction ou le secrétariat l’exporte :
doc-import-file = Dans <a href="{ $root }/eleves">« Élèves »</a>, pressez « Importer ({ $system ->
    [Fregata] .csv
   *[SIECLE] .xml ou .zip
}) » et choisissez ce fichier. Une <a href="{ $root }/eleves/note">note à imprimer</a> explique tout cela à la direction.
doc-import-next-title = Les imports suivants
doc-import-next = Importez de nouveau quand des élèves arrivent, partent ou changent de classe. Vous lisez d’abord ce qui va changer, puis vous confirmez. Un import peut être annulé pendant 24 heures, tant que rien d’autre ne change dans la liste. { $system ->
    [Fregata] Un élève qui part garde son compte : s’il revient, il le retrouve.
   *[SIECLE] Une date de sortie connue de SIECLE agit d’elle-même : passé ce jour, l’élève n’est plus dans la liste. Un élève qui part garde son compte : s’il revient, il le retrouve.
}
doc-import-refused-title = Un élève est refusé
doc-import-refused = L’import le nomme, avec sa classe et la ligne du fichier. Corrigez sa fiche dans { $system }, exportez, importez de nouveau. Les autres élèves sont importés dès que vous confirmez.
doc-import-missing-title = Un élève manque
doc-import-missing = { $system ->
    [Fregata] Regardez sa division dans Fregata : un élève qui n’en a pas est laissé de côté. Un élève qui n’est plus dans l’export quitte la liste.
   *[SIECLE] Regardez sa classe dans SIECLE : saisie aujourd’hui, elle n’est dans l’export que demain. Un élève sans classe, ou parti, est laissé de côté.
}
doc-team-text = Dans <a href="{ $root }/equipe">« Équipe »</a>, pressez « Inviter un membre » et tapez une ou plusieurs adresses. Chaque collègue reçoit un lien valable 7 jours. Vous voyez si le message est bien parti, et vous pouvez le renvoyer ou l’annuler.
doc-team-roles = Un <strong>administrateur</strong> importe, invite et gère les rôles. Un <strong>membre</strong> voit les élèves, crée des parcours et répond aux demandes des élèves. Il reste toujours au moins un administrateur.
doc-team-alone = Personne à inviter maintenant ? Quand il ne reste que cette étape, l’accueil propose « Je travaille seul pour l’instant ».
doc-campaigns-text = Dans <a href="{ $root }/parcours">« Parcours »</a>, pressez « Créer un parcours ». Vous obtenez un code de six lettres et trois chiffres, et un lien. Donnez l’un ou l’autre à la classe.
doc-campaigns-step-1 = L’élève ouvre le Médiacentre de son ENT et clique sur Pix.
doc-campaigns-step-2 = Il tape le code du parcours.
doc-campaigns-step-3 = La première fois, il vérifie son nom et ajoute sa date de naissance.
doc-campaigns-step-4 = Il est rattaché. Les parcours suivants ne lui demandent plus rien.
doc-links-text = Un élève n’est pas reconnu ? Il voit toujours le même message, avec « Demander à mon enseignant ». Sa demande apparaît dans <a href="{ $root }/eleves/demandes">« Demandes à vérifier »</a> : comparez avec les élèves proches, puis rattachez-le en un clic.
doc-links-changed = L’ENT a changé, et chaque élève revient avec un nouveau compte ? Dans « Demandes à vérifier », un administrateur passe tous les rattachements sûrs en une fois, après les avoir vus côte à côte. Chacun peut être défait pendant 30 jours.
doc-links-tries = Un élève a cinq essais par jour et dix en tout pour sa date de naissance. Ensuite, seule la demande reste.
doc-links-causes = Les causes les plus courantes : une date de naissance mal saisie dans { $system }, un nom d’usage différent, un élève arrivé depuis le dernier import. Corrigez { $system } et importez une liste à jour : la demande montre aussitôt l’élève, et il est rattaché dès qu’il revient avec le code.
doc-help-support = <a href="{ $support_url }">Le support de Pix</a> : une question, un blocage
doc-help-community = <a href="{ $community_url }">La communauté Pix</a> : échanger avec d’autres référents
