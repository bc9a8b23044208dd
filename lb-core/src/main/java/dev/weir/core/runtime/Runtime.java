package dev.weir.core.runtime;

import dev.weir.core.config.ConfigException;
import dev.weir.core.config.Document;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.MergePatch;
import dev.weir.core.config.Problem;
import dev.weir.core.config.ProcessConfig;
import dev.weir.core.config.References;
import dev.weir.core.health.Checks;
import dev.weir.core.pool.Pool;
import dev.weir.core.pool.PoolContext;
import dev.weir.core.runtime.ChangeResult.Applied;
import dev.weir.core.runtime.ChangeResult.Conflict;
import dev.weir.core.runtime.ChangeResult.Failed;
import dev.weir.core.runtime.ChangeResult.Invalid;
import dev.weir.core.runtime.ChangeResult.Refused;
import dev.weir.core.runtime.ChangeResult.Unchanged;
import dev.weir.core.store.BootState;
import dev.weir.core.store.ConfigStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/**
 * What runs: the snapshot, and the only way to change it. Everything outside the data path (admin
 * API, signals, command line) talks to the balancer through this.
 *
 * <p>A change goes check, prepare, store, swap, retire; the first three on the worker, the swap on
 * the control loop. Whatever fails before the swap leaves everything as it was, and the swap cannot
 * fail.
 */
public final class Runtime implements AutoCloseable {
  private final Parts parts;
  private final PoolContext context;
  private final Changes changes;
  private final Ending ending;
  private final Doors doors;
  private volatile Snapshot snapshot;

  private Runtime(Parts parts) {
    this.parts = parts;
    Checks checks = Checks.of(parts.control(), parts.wall(), parts.random().split());
    context = new PoolContext(checks, parts.resolver(), parts.observer(), this::turned);
    doors = new Doors(parts.control(), parts.worker(), parts.observer());
    changes = new Changes(parts.worker());
    ending = new Ending(parts.control(), () -> snapshot.listeners().values());
  }

  /**
   * Builds everything and begins to serve: pools, then listeners, then health checks. May block for
   * the binds.
   *
   * @param boot the state to run; must be what the store holds, and its generation the store's
   * @throws ConfigException with everything that is wrong; nothing is open then
   * @throws IOException naming the listener that cannot be bound; nothing is open then
   */
  public static Runtime start(Parts parts, ConfigStore.Stored boot)
      throws ConfigException, IOException {
    LbConfig config = parts.binder().bind(boot.effective());
    Target target = Target.check(parts, boot.effective(), config, null);
    Runtime runtime = new Runtime(parts);
    Transition transition = new Transition(parts, runtime.context, null, target);
    transition.prepare();
    runtime.snapshot =
        new Snapshot(
            boot.generation(),
            boot.base(),
            boot.effective(),
            config,
            transition.pools(),
            transition.listeners());
    parts.control().execute(() -> runtime.begin(transition));
    return runtime;
  }

  /**
   * Finds everything that {@link #start} would find wrong with a configuration, without opening
   * anything.
   *
   * @param parts of which only the binder, the plug-ins and the protocols are used
   * @throws ConfigException with everything that is wrong
   */
  public static LbConfig check(Parts parts, Document document) throws ConfigException {
    LbConfig config = parts.binder().bind(document);
    Target.check(parts, document, config, null);
    return config;
  }

  private void turned(Pool pool) {
    parts.observer().poolTurned(pool.name(), pool.hasEligible());
    doors.turned();
  }

  private void begin(Transition transition) {
    context.checks().stalls().start();
    transition.commit();
    doors.follow(snapshot);
    parts.observer().applied(snapshot.generation(), "boot", "");
  }

  /** The running configuration. Any thread. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Checks, stores and applies a change, all or nothing. Any thread; completes on a worker. */
  public CompletableFuture<ChangeResult> change(ChangeRequest request) {
    return changes.submit(() -> edited(request));
  }

  private CompletableFuture<ChangeResult> edited(ChangeRequest request) {
    Snapshot now = snapshot;
    OptionalLong expected = request.expectedGeneration();
    if (expected.isPresent() && expected.getAsLong() != now.generation()) {
      return done(new Conflict(now.generation()));
    }
    try {
      JsonNode tree = request.edit().apply(now.document().tree());
      if (tree.equals(now.document().tree())) {
        return done(new Unchanged(now.generation()));
      }
      List<Problem> references = References.introduced(now.document(), Document.of(tree));
      if (!references.isEmpty()) {
        return done(new Invalid(references));
      }
      LbConfig config = parts.binder().rebind(tree, now.document().tree(), now.config());
      Document document = Document.of(tree);
      Target target = Target.check(parts, document, config, now);
      return make(
          new Wish(request.author(), request.reason(), request.dryRun(), null, document), target);
    } catch (Edit.Refused refused) {
      return done(new Refused(refused.kind(), refused.getMessage()));
    } catch (ConfigException wrong) {
      return done(new Invalid(wrong.problems()));
    }
  }

  /**
   * The file was read again: its document becomes the base, changes made through the API are kept
   * where they do not touch what the file changed.
   */
  public CompletableFuture<ChangeResult> reload(Document base, String author) {
    return changes.submit(() -> reloaded(base, author));
  }

  private CompletableFuture<ChangeResult> reloaded(Document base, String author) {
    Snapshot now = snapshot;
    var running = new ConfigStore.Stored(now.generation(), now.base(), now.document());
    BootState combined = BootState.combine(Optional.of(running), base, false);
    if (combined instanceof BootState.Conflicted both) {
      return done(
          new Invalid(
              both.conflicts().stream()
                  .map(conflict -> base.locate(Problem.at(conflict.path(), conflict.toString())))
                  .toList()));
    }
    BootState.Ready ready = (BootState.Ready) combined;
    try {
      LbConfig config = parts.binder().bind(ready.effective());
      Target target = Target.check(parts, ready.effective(), config, now);
      // Equal text may stand for other values: secrets are read again.
      if (!ready.rebased() && ready.patch().isEmpty() && config.equals(now.config())) {
        return done(new Unchanged(now.generation()));
      }
      Document newBase = ready.rebased() ? base : null;
      return make(new Wish(author, "reload", false, newBase, ready.effective()), target);
    } catch (ConfigException wrong) {
      return done(new Invalid(wrong.problems()));
    }
  }

  /**
   * A change that was found right.
   *
   * @param base the new base; null: the old one
   */
  private record Wish(
      String author, String reason, boolean dryRun, Document base, Document document) {}

  private CompletableFuture<ChangeResult> make(Wish wish, Target target) {
    Snapshot now = snapshot;
    Plan plan = Plan.between(now.config(), target.config());
    if (wish.dryRun()) {
      return done(new Applied(now.generation(), plan));
    }
    if (ending.begun()) {
      return done(new Failed("the process ends"));
    }
    Transition transition = new Transition(parts, context, now, target);
    ConfigStore.Appended appended;
    try {
      transition.prepare();
      appended = store(now, wish, transition);
    } catch (IOException failure) {
      return done(new Failed(failure.getMessage()));
    }
    if (appended instanceof ConfigStore.Appended.Conflict conflict) {
      transition.abandon();
      return done(new Conflict(conflict.current()));
    }
    long generation = ((ConfigStore.Appended.Ok) appended).generation();
    Snapshot next =
        new Snapshot(
            generation,
            wish.base() == null ? now.base() : wish.base(),
            wish.document(),
            target.config(),
            transition.pools(),
            transition.listeners());
    return CompletableFuture.runAsync(() -> swap(next, transition, wish), parts.control()::execute)
        .thenApplyAsync(swapped -> retire(transition, generation, plan), parts.worker());
  }

  private ConfigStore.Appended store(Snapshot now, Wish wish, Transition transition)
      throws IOException {
    JsonNode patch = MergePatch.diff(now.document().tree(), wish.document().tree());
    try {
      return parts
          .store()
          .append(
              now.generation(),
              new ConfigStore.Change(
                  wish.author(), wish.reason(), parts.wall().epochMillis(), patch, wish.base()));
    } catch (IOException | RuntimeException failure) {
      transition.abandon();
      throw failure;
    }
  }

  private void swap(Snapshot next, Transition transition, Wish wish) {
    transition.commit();
    snapshot = next;
    doors.follow(next);
    parts.observer().applied(next.generation(), wish.author(), wish.reason());
  }

  private ChangeResult retire(Transition transition, long generation, Plan plan) {
    transition.retiredListeners().forEach(listener -> ending.retire(listener, drainTime()));
    List<Pool> gone = transition.removedPools();
    var removed = transition.removedBackends();
    Runnable tellProtocols =
        () -> parts.protocols().all().forEach(protocol -> protocol.retired(removed));
    if (!removed.isEmpty()) {
      tellProtocols.run();
    }
    if (!gone.isEmpty()) {
      ending.later(() -> gone.forEach(Pool::stop), tellProtocols);
    }
    return new Applied(generation, plan);
  }

  private Duration drainTime() {
    return snapshot.config().process().shutdown().drain();
  }

  private static CompletableFuture<ChangeResult> done(ChangeResult result) {
    return CompletableFuture.completedFuture(result);
  }

  /**
   * Whether this process wants traffic: started, not ending, and every listener that should be open
   * is. Any thread.
   */
  public boolean ready() {
    return snapshot != null && !ending.begun() && doors.stuck().isEmpty();
  }

  /** Listeners that should be open and cannot be, with the reasons. Any thread. */
  public Map<String, String> stuck() {
    return doors.stuck();
  }

  /**
   * Ends gracefully: not {@link #ready} from now on; after {@code preDelay} nothing is accepted any
   * more, and what is open may finish until {@code drain} or {@code hard} is over. Done as soon as
   * nothing is open. A second call ends at once. Any thread; {@link #close} is still to be called.
   */
  public CompletableFuture<Drained> drain(ProcessConfig.Shutdown times) {
    return ending.begin(times);
  }

  /** Client connections open now, over all listeners. Any thread; may lag by a moment. */
  public int openConnections() {
    return ending.openConnections();
  }

  /** Stops everything at once. The parts stay open; they belong to whoever made them. */
  @Override
  public void close() {
    doors.stop();
    ending.close();
    context.checks().stalls().stop();
    Snapshot last = snapshot;
    parts.control().execute(() -> last.pools().values().forEach(Pool::stop));
  }
}
