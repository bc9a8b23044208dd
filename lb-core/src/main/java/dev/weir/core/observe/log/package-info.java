/**
 * The access log: one line for each exchange and session. Event loops write lines into rings of
 * their own, one thread polls the rings and writes to the target. Nothing here can make traffic
 * wait.
 */
package dev.weir.core.observe.log;
