package dev.weir.admin.api;

import static dev.weir.admin.api.Endpoint.Body.JSON;
import static dev.weir.admin.api.Endpoint.Body.NONE;
import static dev.weir.admin.api.Endpoint.Body.PATCH;

import dev.weir.admin.AdminSetup;
import dev.weir.admin.api.Views.ChangeView;
import dev.weir.admin.api.Views.PlanView;
import dev.weir.core.runtime.ChangeRequest;
import dev.weir.core.runtime.ChangeResult;
import dev.weir.core.runtime.Edit;
import dev.weir.core.runtime.Edits;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The endpoints that change the configuration. All of them make an {@link Edit}, hand it to the
 * runtime, and say what became of it; nothing waits on the event loop.
 */
final class Writes {
  private static final Logger LOG = LoggerFactory.getLogger(Writes.class);
  private static final String CONFIG = "/api/v1/config";
  private static final String POOL = "/api/v1/pools/:pool";
  private static final String BACKEND = "/api/v1/pools/:pool/backends/:backend";

  private final AdminSetup setup;
  private final String author;

  Writes(AdminSetup setup) {
    this.setup = setup;
    author = "api:" + setup.token().id();
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.PUT, CONFIG, JSON, this::putConfig),
        patch(CONFIG, config -> Target.ALL, (target, sent) -> Edits.patch(sent)),
        put(POOL, Target::ofPool, (target, sent) -> Edits.putPool(target.pool(), sent)),
        patch(POOL, Target::ofPool, (target, sent) -> Edits.patchPool(target.pool(), sent)),
        delete(POOL, Target::ofPool, target -> Edits.deletePool(target.pool())),
        put(
            BACKEND,
            Target::ofBackend,
            (target, sent) -> Edits.putBackend(target.pool(), target.backend(), sent)),
        patch(
            BACKEND,
            Target::ofBackend,
            (target, sent) -> Edits.patchBackend(target.pool(), target.backend(), sent)),
        delete(
            BACKEND,
            Target::ofBackend,
            target -> Edits.deleteBackend(target.pool(), target.backend())),
        new Endpoint(HttpMethod.POST, "/api/v1/reload", NONE, this::reload));
  }

  private Endpoint put(
      String path,
      Function<RoutingContext, Target> named,
      BiFunction<Target, JsonNode, Edit> edit) {
    return new Endpoint(
        HttpMethod.PUT,
        path,
        JSON,
        context -> {
          Target target = named.apply(context);
          Edit put = edit.apply(target, Bodies.object(context, JSON, target.pointer()));
          change(context, target, onlyNew(context) ? target.unlessThere(put) : put);
        });
  }

  private Endpoint patch(
      String path,
      Function<RoutingContext, Target> named,
      BiFunction<Target, JsonNode, Edit> edit) {
    return new Endpoint(
        HttpMethod.PATCH,
        path,
        PATCH,
        context -> {
          Target target = named.apply(context);
          change(
              context, target, edit.apply(target, Bodies.object(context, PATCH, target.pointer())));
        });
  }

  private Endpoint delete(
      String path, Function<RoutingContext, Target> named, Function<Target, Edit> edit) {
    return new Endpoint(
        HttpMethod.DELETE,
        path,
        NONE,
        context -> {
          Target target = named.apply(context);
          change(context, target, edit.apply(target));
        });
  }

  /** {@code If-None-Match: *} (RFC 9110, 13.1.2): add, do not replace. */
  private static boolean onlyNew(RoutingContext context) {
    String header = context.request().getHeader("If-None-Match");
    if (header != null && !header.strip().equals("*")) {
      throw Reply.of(400, "bad request", "If-None-Match is taken as * only");
    }
    return header != null;
  }

  private void putConfig(RoutingContext context) {
    if (!context.request().headers().contains("If-Match")) {
      throw Reply.of(
          428,
          "precondition required",
          "replacing the whole configuration needs If-Match with the ETag of what was read, or *");
    }
    change(context, Target.ALL, Edits.replace(Bodies.object(context, JSON, "")));
  }

  private void reload(RoutingContext context) {
    if (!context.queryParams().isEmpty()) {
      throw Reply.of(400, "bad request", "reload takes no query parameters");
    }
    expected(context);
    WriteOptions none = new WriteOptions(false, "");
    answer(context, Target.FILE, none, setup.reload().reload(author));
  }

  /**
   * Applies an edit.
   *
   * @param target what is written
   */
  private void change(RoutingContext context, Target target, Edit edit) {
    WriteOptions options = WriteOptions.of(context.queryParams());
    OptionalLong expected = expected(context);
    ChangeRequest request =
        new ChangeRequest(author, options.reason(), expected, options.dryRun(), edit);
    answer(context, target, options, setup.runtime().change(request));
  }

  private OptionalLong expected(RoutingContext context) {
    List<String> headers = context.request().headers().getAll("If-Match");
    String header = headers.isEmpty() ? null : String.join(",", headers);
    return Preconditions.expected(header, setup.runtime().snapshot().generation());
  }

  private static boolean conditional(RoutingContext context) {
    var headers = context.request().headers();
    return headers.contains("If-Match") || headers.contains("If-None-Match");
  }

  private static void answer(
      RoutingContext context,
      Target target,
      WriteOptions options,
      CompletionStage<ChangeResult> change) {
    Context loop = context.vertx().getOrCreateContext();
    change.whenComplete(
        (result, failure) ->
            loop.runOnContext(
                now -> {
                  if (context.response().ended() || context.response().closed()) {
                    return;
                  }
                  try {
                    if (failure != null) {
                      LOG.error("a change failed", failure);
                      throw Reply.of(
                          500, "internal error", "a defect; the log of the balancer has more");
                    }
                    done(context, target, options, result);
                  } catch (RuntimeException refusal) {
                    context.fail(refusal);
                  }
                }));
  }

  private static void done(
      RoutingContext context, Target target, WriteOptions options, ChangeResult result) {
    boolean dry = options.dryRun();
    if (result instanceof ChangeResult.Applied applied) {
      boolean created = !dry && applied.plan().added().contains(target.name());
      PlanView plan = PlanView.of(applied.plan());
      ChangeView view = new ChangeView(applied.generation(), dry, true, plan);
      if (created) {
        context.response().putHeader("Location", context.request().path());
      }
      Api.send(context, created ? 201 : 200, applied.generation(), view);
    } else if (result instanceof ChangeResult.Unchanged same) {
      ChangeView view = new ChangeView(same.generation(), dry, false, PlanView.none());
      Api.send(context, 200, same.generation(), view);
    } else {
      throw refusal(context, target, result);
    }
  }

  private static Reply refusal(RoutingContext context, Target target, ChangeResult result) {
    boolean conditional = conditional(context);
    if (result instanceof ChangeResult.Invalid invalid) {
      // Nothing was sent that could be wrong: what is to be removed is in use.
      return HttpMethod.DELETE.equals(context.request().method())
          ? Reply.inUse(invalid.problems())
          : Reply.invalid(invalid.problems(), target.pointer());
    }
    if (result instanceof ChangeResult.Refused refused) {
      return switch (refused.kind()) {
        case NOT_FOUND -> Reply.of(404, "not found", Json.printable(refused.message()));
        case CONFLICT ->
            Reply.of(conditional ? 412 : 409, "conflict", Json.printable(refused.message()));
      };
    }
    if (result instanceof ChangeResult.Conflict conflict) {
      return conditional
          ? Preconditions.stale(conflict.current())
          : Reply.of(409, "conflict", "somebody else's change came first; try again");
    }
    String message = ((ChangeResult.Failed) result).message();
    LOG.error("a change could not be made: {}", message);
    return Reply.of(503, "not applied", "nothing has changed: " + Json.withoutPaths(message))
        .header("Retry-After", "1");
  }
}
