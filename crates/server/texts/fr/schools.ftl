# Ce que « pix-orga schools » dit à un opérateur.

# schools load : le fichier
load-encoding = Ce fichier n’est pas en UTF-8 : il a été lu en { $encoding }. Vérifiez l’accent de quelques noms.
load-missing = Colonnes absentes : { $columns }.

# schools load : une ligne
load-annexe = Cette ligne a le même UAI qu’un établissement. C’est une annexe : elle ne change rien.
load-several_addresses = La cellule contient plusieurs adresses. Celle qui suit la règle est retenue ; sinon, la première.
load-address_unreadable = La cellule de l’adresse ne contient pas d’adresse. L’adresse déjà connue est gardée.
load-address_kept = L’annuaire ne donne plus d’adresse. L’adresse déjà connue est gardée.
load-town_missing = La ligne n’a pas de commune. L’établissement est montré avec son département.
load-uai_replaced = Cet UAI a été remplacé par { $other } : la ligne ne change rien.
load-may_replace = Même nom et même commune que { $other }, qui n’est plus ouvert dans ce fichier. Si { $uai } est son nouvel UAI, tapez « pix-orga schools replace-uai { $other } { $uai } » : son espace le suit.
load-school_opening = L’établissement n’est pas encore ouvert.
load-school_closing = L’établissement va fermer.
load-school_closed = L’établissement est fermé.
load-school_in_its_college = C’est une SEGPA. Ses élèves sont dans la liste de son collège.
load-school_abroad = L’établissement est à l’étranger : il n’a ni SIECLE ni Fregata.

# schools load : le total
load-total = { $created } créés, { $updated } mis à jour, { $unchanged } inchangés, { $refused } refusés.
load-repeated = { $count ->
    [one] Une ligne répète une autre ligne du fichier.
   *[other] { $count } lignes répètent d’autres lignes du fichier.
}
load-annexes = { $count ->
    [one] Une annexe, qui ne change rien.
   *[other] { $count } annexes, qui ne changent rien.
}
load-openings = { $count ->
    [one] Un établissement à ouvrir : chargé, jamais invité par --all.
   *[other] { $count } établissements à ouvrir : chargés, jamais invités par --all.
}
load-closings = { $count ->
    [one] Un établissement à fermer : chargé, jamais invité par --all.
   *[other] { $count } établissements à fermer : chargés, jamais invités par --all.
}
load-closed = { $count ->
    [one] Un établissement fermé : chargé, jamais invité par --all.
   *[other] { $count } établissements fermés : chargés, jamais invités par --all.
}
load-segpas = { $count ->
    [one] Une SEGPA : chargée, jamais invitée. Ses élèves sont dans la liste de son collège.
   *[other] { $count } SEGPA : chargées, jamais invitées. Leurs élèves sont dans la liste de leur collège.
}
load-abroad = { $count ->
    [one] Un établissement à l’étranger : chargé, jamais invité. Il n’a ni SIECLE ni Fregata.
   *[other] { $count } établissements à l’étranger : chargés, jamais invités. Ils n’ont ni SIECLE ni Fregata.
}
load-out-of-scope = { $count ->
    [one] Une ligne hors du champ, ni collège ni lycée (--verbose la montre) :
   *[other] { $count } lignes hors du champ, ni collège ni lycée (--verbose les montre) :
}
load-nature = — nature { $nature } : { $count }
load-nature-label = — nature { $nature }, { $label } : { $count }
load-nature-none = — sans nature : { $count }

# schools replace-uai
replace-done = L’UAI { $former } est remplacé par { $new }. L’espace garde ses élèves, ses rattachements, son équipe et son journal ; l’ancien UAI y mène encore.
replace-gave-way = L’établissement que l’annuaire avait créé pour { $new }, où personne n’avait travaillé, est retiré avec ses invitations.
replace-then = Rechargez l’annuaire pour mettre à jour son nom et son adresse.
replace-already = C’est déjà fait : l’UAI de cet établissement est { $new }.

# schools invite --all
invite-may-replace = { $new } : pas invité. Il a le même nom et la même commune que { $old }, qui a déjà un espace. Si c’est son nouvel UAI, tapez « pix-orga schools replace-uai { $old } { $new } » ; sinon, invitez-le par --uai.
invite-total = { $sent } invitations en route, { $refused } refusées.
invite-again-total = { $sent ->
    [one] { $sent } invitation de nouveau en route.
   *[other] { $sent } invitations de nouveau en route.
}
invite-refused-for-good = { $count ->
    [one] { $count } refusée pour de bon par un serveur : vérifiez son adresse dans l’annuaire.
   *[other] { $count } refusées pour de bon par un serveur : vérifiez leur adresse dans l’annuaire.
}
invite-held-back = { $count ->
    [one] Un établissement n’est pas invité par --all : il ouvre ou ferme bientôt, est fermé, ou n’a pas de liste d’élèves à lui (SEGPA, étranger). Avec --uai, vous saurez pourquoi.
   *[other] { $count } établissements ne sont pas invités par --all : ils ouvrent ou ferment bientôt, sont fermés, ou n’ont pas de liste d’élèves à eux (SEGPA, étranger). Avec --uai, vous saurez pourquoi.
}
