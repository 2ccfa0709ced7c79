"""What the user writes: frozen types, and files read into them with `file:line:col` mistakes."""
