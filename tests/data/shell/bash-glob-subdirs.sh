mkdir -p d1/s d2/s; touch d1/f d2/f d1/s/g
echo */; echo */*; echo */*/*; echo d?/f; echo ./*; echo d1/../*; echo d{1,2}/*
cd d1; echo ../*/f; echo $PWD/* | sed "s,.*/work,W,"
