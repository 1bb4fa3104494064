(function () {
  "use strict";
  const form = document.getElementById("sign-in"), problem = document.getElementById("problem");
  /* Back to where a session ended, on this very server. */
  function back() {
    let told = null;
    try { told = sessionStorage.getItem("citytwin-back"); sessionStorage.removeItem("citytwin-back"); } catch { /* to the front page */ }
    return told && /^\/(?![/\\])/.test(told) ? told : "/";
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const send = form.querySelector("button");
    problem.textContent = "";
    send.disabled = true;
    try {
      const answer = await fetch("/sign-in", {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token: document.getElementById("token").value.trim() }),
      });
      if (answer.ok) { location.assign(back()); return; }
      if (answer.status === 429) problem.textContent = `Too many tries, wait ${answer.headers.get("Retry-After")} s · 尝试过多，请等待${answer.headers.get("Retry-After")}秒`;
      else problem.textContent = "Nobody at this desk has this token · 值班台没有使用此令牌的人员";
    } catch (error) {
      problem.textContent = "No answer from the twin · 孪生系统没有应答";
    }
    send.disabled = false;
  });
})();
