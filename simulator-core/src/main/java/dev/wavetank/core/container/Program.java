package dev.wavetank.core.container;

/** A program that can run in a container, on virtual time. */
public interface Program {

  /** Begins; the program ends when it calls {@link ProgramContext#exit}, at once or later. */
  void run(ProgramContext context);
}
