import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Gives a request that asked for an upgrade nobody wants back to the host's request handlers, which answer it as they
 * do where no upgrade listener exists. Node has already let go of such a socket, so a body cannot be read any more:
 * a request with one is refused.
 */
export function answerAsPlainRequest(server: Server, request: IncomingMessage, socket: Socket): void {
  socket.on('error', () => socket.destroy());
  const length = request.headers['content-length'] ?? '0';
  if (length !== '0' || request.headers['transfer-encoding'] !== undefined) {
    refuseUpgrade(socket, '400 Bad Request');
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => {
    response.detachSocket(socket);
    socket.end();
  });
  server.emit('request', request, response);
}

/**
 * Answers an upgrade with an HTTP status and closes the connection.
 * @param retryAfterS when the client may come again
 */
export function refuseUpgrade(socket: Duplex, status: string, retryAfterS?: number): void {
  socket.on('error', () => socket.destroy());
  const hint = retryAfterS === undefined ? '' : `Retry-After: ${retryAfterS}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\n${hint}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
