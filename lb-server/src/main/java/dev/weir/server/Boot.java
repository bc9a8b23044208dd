package dev.weir.server;

import dev.weir.core.config.ConfigException;
import dev.weir.core.config.Document;
import dev.weir.core.config.Problem;
import dev.weir.core.control.WallClock;
import dev.weir.core.store.BootState;
import dev.weir.core.store.BootState.Conflicted;
import dev.weir.core.store.BootState.Ready;
import dev.weir.core.store.ConfigStore;
import dev.weir.core.store.ConfigStore.Appended;
import dev.weir.core.store.ConfigStore.Change;
import dev.weir.core.store.ConfigStore.Stored;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Which configuration to start with: the file, with the changes that the store has kept. */
final class Boot {
  private final ConfigStore store;
  private final WallClock wall;
  private final Check check;

  /** Says whether a configuration can be run. */
  interface Check {
    /** Refuses by throwing everything that is wrong. */
    void run(Document effective) throws ConfigException;
  }

  Boot(ConfigStore store, WallClock wall, Check check) {
    this.store = store;
    this.wall = wall;
    this.check = check;
  }

  /**
   * The state to run, which the store holds when this returns. What cannot be run is not stored.
   *
   * @throws ConfigException when file and changes contradict each other, showing both sides, or
   *     when what they make together cannot be run
   * @throws IOException when the store cannot be read or written
   */
  Stored state(Document file, boolean discard) throws ConfigException, IOException {
    BootState combined = BootState.combine(store.load(), file, discard);
    if (combined instanceof Conflicted conflicted) {
      throw new ConfigException(List.of(Problem.at("", conflicted.message())));
    }
    Ready ready = (Ready) combined;
    check.run(ready.effective());
    String reason = discard ? "start, API changes discarded" : "start";
    Optional<Change> change = ready.change("boot", reason, wall.epochMillis());
    long generation = ready.generation();
    if (change.isPresent()) {
      Appended appended = store.append(generation, change.get());
      if (!(appended instanceof Appended.Ok ok)) {
        throw new IOException("the stored configuration changes while this process starts");
      }
      generation = ok.generation();
    }
    return new Stored(generation, ready.base(), ready.effective());
  }
}
