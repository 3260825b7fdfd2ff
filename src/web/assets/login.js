// Asks the DingTalk client around this page for a code that says who its user is, and posts it; says so if there is none.
const form = document.querySelector("form");
const refused = () => {
  document.querySelector("h1").textContent = form.dataset.over;
  document.querySelector("[role=status]").textContent = form.dataset.refused;
  document.querySelector("main a").textContent = form.dataset.way;
};
const taken = (answer) => {
  if (!answer?.code) return refused();
  form.elements.code.value = answer.code;
  form.submit();
};
const ask = () => {
  const { company: corpId, application: clientId } = form.dataset;
  const asks = window.dd?.requestAuthCode ?? window.dd?.runtime?.permission?.requestAuthCode;
  if (!asks) return refused();
  // Older clients know one pair of names, newer ones the other.
  asks({ corpId, clientId, onSuccess: taken, success: taken, onFail: refused, fail: refused });
};
if (window.dd?.ready) window.dd.ready(ask);
else ask();
