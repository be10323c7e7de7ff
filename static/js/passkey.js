/* Passkeys: <form data-passkey="create|get" data-options="id of a JSON script" or data-options-url="…">
   with a hidden field "credential", a [data-passkey-start] button (or its submit) and [data-passkey-error]. */

const SENTENCES = {
  NotAllowedError: "没有完成验证：操作被取消或已超时，请再试一次。",
  InvalidStateError: "这个设备已经添加过了。",
  SecurityError: "当前网址不能使用通行密钥，请从正式网址访问。",
  Unsupported: "当前浏览器不支持通行密钥，请改用其他方式。",
};

function decode(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function encode(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function readOptions({ publicKey }) {
  const decoded = { ...publicKey, challenge: decode(publicKey.challenge) };
  if (publicKey.user) {
    decoded.user = { ...publicKey.user, id: decode(publicKey.user.id) };
  }
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (publicKey[list]) {
      decoded[list] = publicKey[list].map((one) => ({ ...one, id: decode(one.id) }));
    }
  }
  return decoded;
}

function written(credential) {
  const response = {};
  for (const key of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[key] !== undefined) {
      response[key] = credential.response[key] && encode(credential.response[key]);
    }
  }
  if (credential.response.getTransports) {
    response.transports = credential.response.getTransports();
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function optionsOf(form) {
  if (form.dataset.optionsUrl) {
    const response = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    return (await response.json()).request_options;
  }
  const data = JSON.parse(document.getElementById(form.dataset.options).textContent);
  return data.creation_options ?? data.request_options;
}

/** A key that signs in by itself has to be kept on the device and to know its owner. */
function choosePlace(form, publicKey) {
  const alone = form.elements.passwordless?.checked;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: Boolean(alone),
    ...(alone && { userVerification: "required" }),
  };
}

async function ask(form) {
  if (!window.PublicKeyCredential || !navigator.credentials) {
    throw new DOMException("", "Unsupported");
  }
  const publicKey = readOptions(await optionsOf(form));
  if (form.dataset.passkey === "create") {
    choosePlace(form, publicKey);
    return navigator.credentials.create({ publicKey });
  }
  return navigator.credentials.get({ publicKey });
}

function show(form, sentence) {
  const place = form.querySelector("[data-passkey-error]");
  place.hidden = !sentence;
  place.textContent = sentence;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show(form, "");
    try {
      form.elements.credential.value = written(await ask(form));
      form.submit();
    } catch (error) {
      show(form, SENTENCES[error.name] ?? "通行密钥没有成功，请再试一次或改用其他方式。");
    }
  });
}
