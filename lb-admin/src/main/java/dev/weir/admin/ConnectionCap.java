package dev.weir.admin;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;

/** Closes connections beyond a number of open ones. Used on the admin server's event loop. */
final class ConnectionCap implements Handler<HttpConnection> {
  private final int most;
  private int open;

  ConnectionCap(int most) {
    this.most = most;
  }

  @Override
  public void handle(HttpConnection connection) {
    open++;
    connection.closeHandler(closed -> open--);
    if (open > most) {
      connection.close();
    }
  }
}
