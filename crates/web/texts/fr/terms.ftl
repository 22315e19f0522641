# Conditions d’utilisation
terms-heading = Conditions d’utilisation

# Accepter les conditions
terms-renewed = Les conditions ont changé. Lisez la nouvelle version pour retrouver votre espace.
terms-last-step = Dernière étape avant votre espace : lire les conditions d’utilisation et les accepter.
terms-region = Texte des conditions, version { $version }
terms-version = Version { $version }
terms-accept = J’ai lu les conditions d’utilisation de Pix Orga et je les accepte.
terms-submit = Accepter et entrer dans l’espace
terms-later = Vous ne souhaitez pas accepter ? Rien n’est enregistré. Vous pouvez vous déconnecter et revenir plus tard.

# Les conditions, à lire
conditions-title = Conditions d’utilisation
