/** What the page runs. It never says who it is: the browser sends the cookie with the handshake. */
export const SCRIPT = `
const log = document.querySelector('#log');
const state = document.querySelector('#state');
const form = document.querySelector('#say');
const field = form.elements.text;

const url = new URL('/chat', location.href);
url.protocol = url.protocol.replace('http', 'ws');
const socket = new WebSocket(url);

function add(name, text) {
  const line = document.createElement('li');
  const who = document.createElement('strong');
  who.textContent = name;
  line.append(who, ' ', text);
  log.append(line);
  log.scrollTop = log.scrollHeight;
}

function show(kind, text) {
  state.className = 'verdict ' + kind;
  state.textContent = text;
}

socket.addEventListener('message', ({ data: message }) => {
  const { event, data } = JSON.parse(message);
  show('good', data.here === 1 ? 'Connected. You are the only one here.' : 'Connected. ' + data.here + ' windows are open.');
  if (event === 'said') add(data.name, data.text);
});

socket.addEventListener('close', ({ reason }) => {
  show('bad', 'Disconnected. ' + reason);
  field.disabled = true;
  form.querySelector('button').disabled = true;
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  socket.send(JSON.stringify({ event: 'say', data: field.value }));
  form.reset();
});
`;
