package dev.weir.admin.api;

import static dev.weir.admin.api.Endpoint.Body.NONE;

import dev.weir.admin.AdminSetup;
import dev.weir.admin.api.Views.BackendsView;
import dev.weir.admin.api.Views.ListenerView;
import dev.weir.admin.api.Views.ListenersView;
import dev.weir.admin.api.Views.StatusView;
import dev.weir.core.config.ConfigSchema;
import dev.weir.core.pool.Pool;
import dev.weir.core.runtime.Snapshot;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The endpoints that only look. Each answers from one snapshot, whose generation is the ETag. */
final class Reads {
  private final AdminSetup setup;
  private final byte[] schema = ConfigSchema.text().getBytes(StandardCharsets.UTF_8);
  private final long started;

  Reads(AdminSetup setup) {
    this.setup = setup;
    started = setup.ticker().nanos();
  }

  List<Endpoint> endpoints() {
    return List.of(
        get("/api/v1/config", this::config),
        get("/api/v1/schema", this::schema),
        get("/api/v1/status", this::status),
        get("/api/v1/listeners", this::listeners),
        get("/api/v1/pools", this::pools),
        get("/api/v1/pools/:pool", this::pool),
        get("/api/v1/pools/:pool/backends", this::backends),
        get("/api/v1/pools/:pool/backends/:backend", this::backend));
  }

  private static Endpoint get(String path, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.GET, path, NONE, handler);
  }

  private void config(RoutingContext context) {
    Snapshot snapshot = setup.runtime().snapshot();
    Api.send(context, 200, snapshot.generation(), snapshot.document().tree());
  }

  private void schema(RoutingContext context) {
    Api.finish(context.response(), "application/schema+json", schema);
  }

  private void status(RoutingContext context) {
    Snapshot snapshot = setup.runtime().snapshot();
    long uptime = TimeUnit.NANOSECONDS.toSeconds(setup.ticker().nanos() - started);
    StatusView view =
        new StatusView(
            setup.version(),
            uptime,
            snapshot.generation(),
            setup.runtime().ready(),
            snapshot.pools().size(),
            snapshot.listeners().size());
    Api.send(context, 200, snapshot.generation(), view);
  }

  private void listeners(RoutingContext context) {
    Snapshot snapshot = setup.runtime().snapshot();
    List<ListenerView> listeners =
        snapshot.config().listeners().entrySet().stream()
            .map(
                entry ->
                    Views.listener(
                        entry.getKey(),
                        entry.getValue(),
                        snapshot.listeners().get(entry.getKey()),
                        setup.traffic().openConnections(entry.getKey())))
            .toList();
    Api.send(
        context, 200, snapshot.generation(), new ListenersView(snapshot.generation(), listeners));
  }

  private void pools(RoutingContext context) {
    Snapshot snapshot = setup.runtime().snapshot();
    Api.send(context, 200, snapshot.generation(), Views.pools(snapshot));
  }

  private void pool(RoutingContext context) {
    Snapshot snapshot = setup.runtime().snapshot();
    Pool pool = named(snapshot, context);
    Api.send(context, 200, snapshot.generation(), Views.pool(snapshot, pool));
  }

  private void backends(RoutingContext context) {
    Snapshot snapshot = setup.runtime().snapshot();
    Pool pool = named(snapshot, context);
    BackendsView view = new BackendsView(snapshot.generation(), pool.name(), Views.backends(pool));
    Api.send(context, 200, snapshot.generation(), view);
  }

  private void backend(RoutingContext context) {
    Snapshot snapshot = setup.runtime().snapshot();
    Pool pool = named(snapshot, context);
    String name = context.pathParam("backend");
    Views.BackendView view =
        Views.backend(pool, name)
            .orElseThrow(
                () ->
                    Reply.of(
                        404,
                        "not found",
                        "there is no backend " + Json.printable(name) + " in pool " + pool.name()));
    Api.send(context, 200, snapshot.generation(), view);
  }

  private static Pool named(Snapshot snapshot, RoutingContext context) {
    String name = context.pathParam("pool");
    Pool pool = snapshot.pools().get(name);
    if (pool == null) {
      throw Reply.of(404, "not found", "there is no pool " + Json.printable(name));
    }
    return pool;
  }
}
