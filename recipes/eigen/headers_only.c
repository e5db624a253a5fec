/* A library has sources; Eigen is all in its headers. */
