# Ce que l'on dit après une action réussie, une seule fois.
flash-signed-out = Vous êtes déconnecté. Sur un ordinateur partagé, fermez aussi le navigateur.
flash-password-changed = Votre mot de passe est enregistré. Connectez-vous.
flash-email-confirmed = Votre adresse est confirmée.
flash-joined = Vous avez rejoint l’espace.
flash-terms-accepted = Bienvenue dans votre espace Pix Orga.
flash-roster-loaded = La liste des élèves est chargée.
flash-import-abandoned = L’import est abandonné. Rien n’a changé.
flash-import-undone = L’import est annulé. La liste est revenue à ce qu’elle était.
flash-student-erased = L’élève est effacé. Le journal garde qu’un effacement a eu lieu.
