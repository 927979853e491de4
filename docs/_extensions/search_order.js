// What is inside the package comes after what is written for readers, and the page of a model before its class.
var Scorer = {
  score: function (result) {
    var page = result[0], points = result[4];
    if (page === "reference/inside" || page === "changelog" || page === "benchmarks") return points - 30;
    if (page.indexOf("models/") === 0 || page.indexOf("howto/") === 0 || page.indexOf("tutorials/") === 0) return points + 12;
    return points;
  },
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
