// Asks the DingTalk client around this page for a code that says who its user is, and posts it.
const form = document.querySelector("form");
const taken = (answer) => {
  if (!answer?.code) return;
  form.elements.code.value = answer.code;
  form.submit();
};
const ask = () => {
  const { company: corpId, application: clientId } = form.dataset;
  const asks = window.dd?.requestAuthCode ?? window.dd?.runtime?.permission?.requestAuthCode;
  // Older clients know one pair of names, newer ones the other.
  asks?.({ corpId, clientId, onSuccess: taken, success: taken, onFail() {}, fail() {} });
};
if (window.dd?.ready) window.dd.ready(ask);
else ask();
