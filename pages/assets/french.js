/* Streamlit's own words in French: names read by screen readers, tips, empty fields, menus.
 *
 * Streamlit has no setting for its language. Only whole, known English phrases are replaced, in
 * what Streamlit draws; what people wrote is never one of them, and an unknown phrase stays.
 */
(function () {
  "use strict";

  const WORDS = {
    "App pages": "Pages",
    "Add row": "Ajouter une ligne",
    "Autosize": "Ajuster la largeur",
    "Choose an option": "Choisir",
    "Choose options": "Choisir",
    "Choose date": "Choisir une date",
    "Clear all": "Tout effacer",
    "Clear date": "Effacer la date",
    "Clear entry": "Effacer",
    "Clear selection": "Effacer la sélection",
    "Clear value": "Effacer",
    "Close": "Fermer",
    "Close Search": "Fermer la recherche",
    "Close fullscreen": "Quitter le plein écran",
    "Connection error": "Connexion perdue",
    "Copy column name": "Copier le nom de la colonne",
    "Dataframe column menu": "Menu de la colonne",
    "Decrement": "Diminuer",
    "Delete row(s)": "Supprimer les lignes",
    "Download as CSV": "Télécharger en CSV",
    "Empty": "vide",
    "Fullscreen": "Plein écran",
    "Hide column": "Masquer la colonne",
    "Increment": "Augmenter",
    "Link to heading": "Lien vers ce titre",
    "Main menu": "Menu principal",
    "Multiselect options": "Choix possibles",
    "Navigate to home page": "Revenir à la carte",
    "Next": "Suivant",
    "No options to select": "Aucun choix possible",
    "No results": "Aucun résultat",
    "Open": "Ouvrir",
    "Open sidebar": "Ouvrir le menu",
    "Close sidebar": "Fermer le menu",
    "Pin column": "Épingler la colonne",
    "Previous": "Précédent",
    "Search": "Chercher",
    "Select all": "Tout choisir",
    "Selectbox options": "Choix possibles",
    "Selected values": "Choix faits",
    "Show/hide columns": "Afficher ou masquer des colonnes",
    "Sort ascending": "Trier par ordre croissant",
    "Sort descending": "Trier par ordre décroissant",
    "Statistics": "Statistiques",
    "Unpin column": "Ne plus épingler la colonne",
    "Streamlit logo": "Cartoflux",
    "Toolbar": "Outils",
    "Type to search": "Chercher",
  };
  const BEGINNINGS = [
    [/^Help for (.+)$/s, "Aide\u202f: $1"],
    [/^[a-z_]+ icon$/, "icône"],
    [/^Remove (.+)$/s, "Retirer $1"],
    [/^month, (.+)$/s, "mois, $1"],
    [/^day, (.+)$/s, "jour, $1"],
    [/^year, (.+)$/s, "année, $1"],
    [/^(Show\/hide columns|Download as CSV|Search|Fullscreen|Close fullscreen|Add row|Delete row\(s\)|Clear selection): (.+)$/s,
      function (_whole, first, rest) { return WORDS[first] + "\u202f: " + rest; }],
  ];
  const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  const OURS = "iframe, .cf-card, [contenteditable], script, style, textarea";

  function french(text) {
    if (Object.hasOwn(WORDS, text)) return WORDS[text];
    for (const [pattern, instead] of BEGINNINGS) {
      if (pattern.test(text)) return text.replace(pattern, instead);
    }
    return text;
  }

  /* Should something put the English back each time, let it win: no endless quarrel. */
  const rewritten = new WeakMap();

  function allowed(node) {
    const times = (rewritten.get(node) || 0) + 1;
    rewritten.set(node, times);
    return times <= 100;
  }

  function name(node) {
    for (const attribute of ATTRIBUTES) {
      const text = node.getAttribute(attribute);
      const better = text && french(text);
      if (better && better !== text && allowed(node)) node.setAttribute(attribute, better);
    }
  }

  function word(node) {
    const parent = node.parentElement;
    if (!parent) return;
    const text = node.nodeValue;
    if (!Object.hasOwn(WORDS, text) || !parent.closest(CHROME) || parent.closest(OURS)) return;
    if (allowed(node)) node.nodeValue = WORDS[text];
  }

  /* Where Streamlit writes words of its own; elsewhere texts are the page's. */
  const CHROME = [
    '[data-testid="stTooltipContent"]', '[data-testid="stDataFrameColumnMenu"]',
    '[data-testid="stDataFrame"] [role="menu"]', '[data-baseweb="menu"]', '[role="menuitem"]',
    '[data-testid="stSelectboxVirtualDropdownEmpty"]', '[data-testid="stStatusWidget"]',
  ].join(",");

  function visit(root) {
    if (root.nodeType === Node.TEXT_NODE) { word(root); return; }
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    name(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) word(walker.currentNode);
      else name(walker.currentNode);
    }
  }

  new MutationObserver(function (changes) {
    for (const change of changes) {
      if (change.type === "attributes") name(change.target);
      else if (change.type === "characterData") word(change.target);
      else change.addedNodes.forEach(visit);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ATTRIBUTES,
  });
})();
