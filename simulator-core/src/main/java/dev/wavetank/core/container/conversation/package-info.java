/**
 * What servers that speak no HTTP say on one connection: Redis, MySQL, PostgreSQL.
 *
 * <p>Hides their protocols, and what a Redis server has stored. It must not know the container in
 * which a server runs, nor the connection that carries the bytes.
 */
@NullMarked
package dev.wavetank.core.container.conversation;

import org.jspecify.annotations.NullMarked;
