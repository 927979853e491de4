// What moves sideways by itself (a wide table, a long line, a formula) can be reached by keyboard, too.
function reachable() {
  document.querySelectorAll(".bd-article table, .bd-article pre, .bd-article div.math, .bd-article .cell_output, .bd-article figure, .bd-article dt.sig")
    .forEach(function (part) {
      if (part.scrollWidth > part.clientWidth) part.setAttribute("tabindex", "0");
      else if (part.tagName !== "PRE") part.removeAttribute("tabindex");
    });
}
window.addEventListener("load", reachable);
window.addEventListener("resize", reachable);
