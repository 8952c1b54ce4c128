// Everything here only adds to pages that work without it: links navigate and forms post on their own.
import "./notices.js";
import "./keyboard.js";
import "./palette.js";
import "./composer.js";
import "./phrases.js";
import "./recipients.js";
import "./enclosing.js";
import "./undo.js";
import "./evidence.js";
import "./judging.js";
import "./story.js";
import "./workspace.js";
import "./live.js";
import "./ticks.js";
