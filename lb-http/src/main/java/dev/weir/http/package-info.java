/**
 * HTTP: one exchange engine with HTTP/1.1 codecs at its edges.
 *
 * <p>Read {@link dev.weir.http.Downstream} (the client's side), {@link dev.weir.http.Exchange} (the
 * engine) and {@link dev.weir.http.Upstream} (the backend's side), in this order.
 */
package dev.weir.http;
