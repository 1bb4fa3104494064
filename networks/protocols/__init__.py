"""How plans travel to controllers: GA/T 1049.2, GB/T 20999, NTCIP 1202, SPaT; emulators that answer as they would."""
