package dev.weir.bench.soak;

import dev.weir.bench.audit.AuditSocket;
import dev.weir.bench.audit.AuditSocket.Body;
import dev.weir.bench.audit.Ledger;
import dev.weir.bench.proc.Child;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients that do nothing wrong: each of their requests must get its answer. One thread's own. */
final class GoodActs {
  private static final int[] SIZES = {1, 100, 1000, 4000, 16_000, 64_000, 300_000};
  private static final int SMALL = 4000;
  private static final int LARGE = 800_000;
  private static final int BURST = 40;

  private final int port;
  private final Ledger ledger;
  private final SplittableRandom random;

  GoodActs(int port, Ledger ledger, SplittableRandom random) {
    this.port = port;
    this.ledger = ledger;
    this.random = random;
  }

  void run(Act act) throws IOException {
    switch (act) {
      case KEEP_ALIVE -> several(1 + random.nextInt(8), socket -> get(socket, size()));
      case POST -> several(1 + random.nextInt(3), socket -> post(socket, size(), Body.LENGTH));
      case CHUNKED_POST ->
          several(1 + random.nextInt(3), socket -> post(socket, size(), Body.CHUNKED));
      case CONTINUE -> several(1, socket -> socket.askFirst(1 + random.nextInt(SMALL)));
      case PIPELINE -> several(1, this::pipeline);
      case OLD_AND_HEAD -> several(2, this::old);
      case SLOW_READER -> slowReader();
      case SLOW_WRITER -> several(1, this::slowWriter);
      case TUNNEL -> tunnel();
      case BURST -> burst();
      default -> throw new IllegalArgumentException(act.name());
    }
  }

  private interface Turn {
    void run(AuditSocket socket);
  }

  private void several(int times, Turn turn) throws IOException {
    try (AuditSocket socket = new AuditSocket(port, ledger, 0)) {
      for (int i = 0; i < times && socket.usable(); i++) {
        turn.run(socket);
        if (random.nextInt(4) == 0) {
          Child.pause(random.nextInt(100));
        }
      }
    }
  }

  private int size() {
    int most = SIZES[random.nextInt(SIZES.length)];
    return most - random.nextInt(1 + most / 4);
  }

  private void get(AuditSocket socket, int bytes) {
    socket.ask("GET", "1.1", bytes, random.nextInt(3) == 0 ? "chunked" : "", Body.NONE);
    socket.answer();
  }

  private static void post(AuditSocket socket, int bytes, Body body) {
    socket.ask("POST", "1.1", bytes, "", body);
    socket.answer();
  }

  private void pipeline(AuditSocket socket) {
    int count = 2 + random.nextInt(6);
    socket.hold();
    for (int i = 0; i < count; i++) {
      String mode = i == 1 ? "delay=20" : "";
      socket.ask("GET", "1.1", 1 + random.nextInt(SMALL), mode, Body.NONE);
    }
    socket.release();
    for (int i = 0; i < count && socket.usable(); i++) {
      socket.answer();
    }
  }

  private void old(AuditSocket socket) {
    String version = random.nextBoolean() ? "1.0" : "1.1";
    String method = random.nextBoolean() ? "HEAD" : "GET";
    socket.ask(method, version, size(), "", Body.NONE);
    socket.answer();
  }

  private void slowReader() throws IOException {
    try (AuditSocket socket = new AuditSocket(port, ledger, 4096)) {
      if (socket.usable()) {
        socket.readSlowly(20_000 + random.nextInt(20_000), 20);
        get(socket, LARGE - random.nextInt(LARGE / 2));
      }
    }
  }

  private void slowWriter(AuditSocket socket) {
    int bytes = 1 + random.nextInt(SMALL);
    socket.writeSlowly(20 + random.nextInt(1 + bytes / 8), 15);
    if (random.nextBoolean()) {
      post(socket, bytes, random.nextBoolean() ? Body.LENGTH : Body.CHUNKED);
    } else {
      get(socket, bytes);
    }
  }

  private void tunnel() throws IOException {
    try (AuditSocket socket = new AuditSocket(port, ledger, 0)) {
      if (!socket.usable()) {
        return;
      }
      socket.tunnel(1 + random.nextInt(8), 1 + random.nextInt(30_000));
      switch (random.nextInt(3)) {
        case 0 -> socket.half();
        case 1 -> socket.reset();
        default -> {
          // the usual end
        }
      }
    }
  }

  private void burst() throws IOException {
    List<AuditSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < BURST; i++) {
        AuditSocket socket = new AuditSocket(port, ledger, 0);
        sockets.add(socket);
        if (socket.usable()) {
          socket.ask("GET", "1.1", 1 + random.nextInt(SMALL), "delay=60", Body.NONE);
        }
      }
      for (AuditSocket socket : sockets) {
        if (socket.usable()) {
          socket.answer();
        }
      }
    } finally {
      for (AuditSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
