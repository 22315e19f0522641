// Optional: the page works without it. It presses the button that goes on to the service.
"use strict";

document.querySelector("form[data-continue]").requestSubmit();
