"""The released TerraScope network (InternVL3 + SAM 2), as the authors published it, behind the one loop."""
