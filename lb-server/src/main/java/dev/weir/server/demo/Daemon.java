package dev.weir.server.demo;

/** A thread of the demo; it does not keep the process alive. */
final class Daemon extends Thread {
  Daemon(Runnable task) {
    super(task, "weir-demo");
    setDaemon(true);
  }
}
