"""How the sources are compiled and linked: manifest × toolchain → edges → ninja."""
