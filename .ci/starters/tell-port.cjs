// Loaded into an application that a starter has generated: tells the process that forked it where it listens.
const { Server } = require('node:net');

const { value: listen } = Object.getOwnPropertyDescriptor(Server.prototype, 'listen');
Server.prototype.listen = function (...args) {
  this.once('listening', () => process.send(this.address().port));
  return listen.apply(this, args);
};
